/* Balances a pole with a policy that `pgagent serve` answers for. The simulation is here, and this program owns the loop.
 *
 *     cc -std=c99 -D_POSIX_C_SOURCE=200809L -O2 -o control control.c -lm && ./control pgagent serve policy.json
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
  int there[2], back[2], steps = 0, id = 0;
  if (count < 2 || pipe(there) || pipe(back)) return 1;
  if (fork() == 0) { /* the server, whose standard input and output are the two pipes */
    if (dup2(there[0], 0) < 0 || dup2(back[1], 1) < 0 || close(there[1]) || close(back[0])) return 1;
    return execvp(words[1], words + 1);
  }
  FILE *requests = (close(there[0]), fdopen(there[1], "w")), *replies = (close(back[1]), fdopen(back[0], "r"));
  char line[65536], *action;
  double x = 0.02, v = -0.03, angle = 0.04, spin = 0.01; /* of the cart and of the pole */
  fprintf(requests, "{\"id\":%d,\"op\":\"hello\",\"versions\":[1]}\n", id++);
  if (fflush(requests) || !fgets(line, sizeof line, replies)) return 1;
  for (; steps < 500 && fabs(x) <= 2.4 && fabs(angle) <= acos(-1) / 15; steps++) {
    fprintf(requests, "{\"id\":%d,\"op\":\"act\",\"deterministic\":true,\"obs\":[%.9g,%.9g,%.9g,%.9g]}\n", id++, x, v, angle, spin);
    if (fflush(requests) || !fgets(line, sizeof line, replies)) return 1;
    if ((action = strstr(line, "\"action\":")) == NULL) return fputs(line, stderr), 1;
    double push = ((atoi(action + 9) == 1 ? 10 : -10) + 0.05 * spin * spin * sin(angle)) / 1.1;
    double turn = (9.8 * sin(angle) - cos(angle) * push) / (0.5 * (4.0 / 3 - 0.1 * cos(angle) * cos(angle) / 1.1));
    x += 0.02 * v, v += 0.02 * (push - 0.05 * turn * cos(angle) / 1.1);
    angle += 0.02 * spin, spin += 0.02 * turn;
  }
  fprintf(requests, "{\"id\":%d,\"op\":\"close\"}\n", id);
  fflush(requests);
  printf("held for %d steps\n", steps);
  return 0;
}
