"""Runs every DIR/*.py as a program and prints {"name": [lines]} of what they print."""
import contextlib
import io
import json
import pathlib
import runpy
import sys
import warnings

warnings.simplefilter("ignore")
printed = {}
for script in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    sys.argv = [str(script)] + [str(f) for f in script.parent.glob(script.stem + ".csv*")]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(str(script), run_name="__main__")
    printed[script.stem] = out.getvalue().splitlines()
print(json.dumps(printed))
