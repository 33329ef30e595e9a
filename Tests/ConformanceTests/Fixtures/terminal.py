"""Runs a command on a terminal of its own, and prints what is on that terminal at the end, and what has scrolled away.

    python3 terminal.py COLUMNS ROWS [--keys KEYS] [--signal NAME] COMMAND...

KEYS are hit one by one, each once the screen has changed ten times, and the signal is sent after them. It knows what pgagent writes: text, CR, LF, the
cursor up and home, erasing to the end of the line and of the screen, the other screen, and colours. The last line says
whether the other screen, the hidden cursor and the keys without echo were left.
"""

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])
command, keys, number = sys.argv[3:], "", None
if command[0] == "--keys":
    keys, command = command[1], command[2:]
if command[0] == "--signal":
    number, command = signal.Signals[command[1]], command[2:]

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
before = termios.tcgetattr(terminal)

lines, row, column, folds, modes, refreshes, other = [""], 0, 0, True, set(), 0, []


def put(character):
    global row, column
    if column >= columns:
        if not folds:
            column = columns - 1
        else:
            feed()
            column = 0
    line = lines[row].ljust(column)
    lines[row] = line[:column] + character + line[column + 1 :]
    column += 1


def feed():
    global row
    row += 1
    if row == len(lines):
        lines.append("")


def control(text):
    global row, column, folds, refreshes, lines, other
    if text == "\x1b[?2026h":
        refreshes += 1
    match = re.fullmatch("\x1b\\[(\\??)([0-9;]*)([a-zA-Z])", text)
    private, number, letter = match.groups()
    if private:
        if number == "7":
            folds = letter == "h"
        if number == "1049":
            if letter == "h":
                other, lines, row, column = [lines, row, column], [""] * rows, 0, 0
            elif other:
                lines, row, column = other
                other = []
        (modes.add if letter == ("l" if number in "25 7" else "h") else modes.discard)(number)
    elif letter == "A":
        row = max(0, row - int(number or 1))
    elif letter == "H":
        row, column = 0, 0
    elif letter == "K":
        lines[row] = lines[row][:column]
    elif letter == "J" and number == "2":
        lines[:] = [""] * len(lines)
    elif letter == "J":
        lines[row] = lines[row][:column]
        del lines[row + 1 :]
        if "1049" in modes:
            lines += [""] * (rows - len(lines))


text = ""
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    text += data.decode("utf-8", "replace")
    while text:
        if text[0] == "\x1b":
            match = re.match("\x1b\\[\\??[0-9;]*[a-zA-Z]", text)
            if not match:
                break
            control(match.group())
            text = text[match.end() :]
            if keys and refreshes > 10:
                os.write(terminal, keys[0].encode())
                keys, refreshes = keys[1:], 0
            elif number and refreshes > 10:
                os.kill(pid, number)
                number = None
            continue
        if text[0] == "\r":
            column = 0
        elif text[0] == "\n":
            feed()
        else:
            put(text[0])
        text = text[1:]

status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print("\n".join(line.rstrip() for line in lines).rstrip())
left = modes & {"1049", "25", "7", "2026"}
print(f"status {status}, {'left ' + ' '.join(sorted(left)) if left else 'restored'}")
