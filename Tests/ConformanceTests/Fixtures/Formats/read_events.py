"""Reads the event files of a run with TensorBoard's own readers, and holds them against the run's metrics.

    read_events.py RUN

Every record is read with its checks; every metric of metrics.jsonl is there, with the steps as they are, and so are the
histograms of the actions and the settings. Prints what there is.
"""

import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing import event_accumulator, event_file_loader
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
from tensorboard.plugins.hparams import plugin_data_pb2

run = Path(sys.argv[1])
files = sorted(run.glob("events.out.tfevents.*"))
records = 0
for file in files:
    # Raises an error for a record with a wrong length or check, and one that is cut off.
    reader = PyRecordReader_New(str(file))
    size = 0
    while True:
        try:
            reader.GetNext()
        except Exception as end:
            if "EOF" not in str(end) and type(end).__name__ != "OutOfRangeError":
                raise
            break
        event = event_pb2.Event.FromString(reader.record())
        if size == 0 and event.file_version != "brain.Event:2":
            sys.exit(f"{file} does not begin with its version")
        size += 1
    if size != sum(1 for _ in event_file_loader.RawEventFileLoader(str(file)).Load()):
        sys.exit(f"{file}: two readers disagree on how many records there are")
    records += size

accumulator = event_accumulator.EventAccumulator(
    str(run), size_guidance={"scalars": 0, "histograms": 0, "tensors": 0, "images": 0})
accumulator.Reload()
tags = accumulator.Tags()
rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
names = {tag.split("/", 1)[1]: tag for tag in tags["scalars"] if not tag.startswith("eval/")}
for name in rows[0]:
    wanted = [(row["steps"], row[name]) for row in rows if row[name] is not None]
    found = [(event.step, event.value) for event in accumulator.Scalars(names[name])] if name in names else []
    if [step for step, _ in wanted] != [step for step, _ in found]:
        sys.exit(f"{name} has the steps {[step for step, _ in found]} instead of {[step for step, _ in wanted]}")
    for (_, expected), (_, value) in zip(wanted, found):
        if abs(expected - value) > 1e-6 * max(1, abs(expected)):
            sys.exit(f"{name} is {value} instead of {expected}")
evaluations = run / "evaluations.jsonl"
wanted = [json.loads(line)["mean_return"] for line in evaluations.read_text().splitlines()]
found = [event.value for event in accumulator.Scalars("eval/mean_return")] if wanted else []
if len(wanted) != len(found) or any(abs(a - b) > 1e-4 * max(1, abs(a)) for a, b in zip(wanted, found)):
    sys.exit(f"the evaluations are {found} instead of {wanted}")

for tag in tags["histograms"]:
    histograms = accumulator.Histograms(tag)
    for event, row in zip(histograms, rows):
        value = event.histogram_value
        if abs(sum(value.bucket) - value.num) > 0 or len(value.bucket) != len(value.bucket_limit):
            sys.exit(f"{tag}: the buckets of step {event.step} do not add up")
    if [event.step for event in histograms] != [row["steps"] for row in rows]:
        sys.exit(f"{tag} has other steps than the metrics")
    counts = [int(event.histogram_value.num) for event in histograms]
    steps = [row["steps"] for row in rows]
    if counts != [after - before for before, after in zip([0] + steps, steps)]:
        sys.exit(f"{tag} counts {counts} actions, and the steps are {steps}")
    print(f"{tag}: {sum(counts)} actions in {len(histograms)} epochs")

for tag in tags["images"]:
    for event in accumulator.Images(tag):
        png = event.encoded_image_string
        size = tuple(int.from_bytes(png[at:at + 4], "big") for at in (16, 20))
        if png[:8] != b"\x89PNG\r\n\x1a\n" or size != (event.width, event.height):
            sys.exit(f"{tag} is no PNG file of {event.width} x {event.height} pixels")
        print(f"{tag}: {event.width} x {event.height} pixels, {png.count(b'fcTL')} pictures")

plugin = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data
start = plugin_data_pb2.HParamsPluginData.FromString(plugin.content).session_start_info
settings = {name: value.WhichOneof("kind") and getattr(value, value.WhichOneof("kind"))
            for name, value in start.hparams.items()}
config = json.loads((run / "config.json").read_text())["configuration"]
for name, value in config.items():
    shown = settings["algo" if name == "algorithm" else name]
    if shown != (",".join(map(str, value)) or "none" if isinstance(value, list) else value):
        sys.exit(f"the setting {name} is {shown} instead of {value}")
print(f"{len(files)} files, {records} records, {len(tags['scalars'])} scalars, {len(settings)} settings")
