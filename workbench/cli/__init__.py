"""The command line: `workbench …`.

Exit codes: 0 well; 1 done, with problems listed; 2 the user must change something;
anything else is a mistake of ours.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable

import typer

from workbench.cli import apps, backups, imports, reports, workspace
from workbench.cli.audit import audit
from workbench.cli.console import STOPPED, errors, say_error, told_by_hub
from workbench.cli.learner import learner
from workbench.cli.users import users
from workbench.ground.errors import WorkbenchError
from workbench.ground.words import _

app = typer.Typer(
    name="workbench",
    help="Turns a school’s data exports into conferences that learners lead.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "init": workspace.init,
    "demo": apps.demo,
    "import": imports.import_,
    "report": reports.report,
    "serve": apps.serve,
    "lab": apps.lab,
    "certificate": apps.certificate,
    "upgrade": workspace.upgrade,
    "backup": backups.backup,
    "restore": backups.restore,
    "status": workspace.status,
    "doctor": workspace.doctor,
}
for _name, _command in _COMMANDS.items():
    app.command(_name)(_command)
app.add_typer(users, name="users")
app.add_typer(audit, name="audit")
app.add_typer(learner, name="learner")


def main() -> None:
    """The `workbench` command: user errors are a sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters shows ? instead
    _end_in_order()
    try:
        code = app(standalone_mode=False, obj=told_by_hub())
        if code == STOPPED:  # so typer answers Ctrl-C
            raise KeyboardInterrupt
    except WorkbenchError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        errors().print(_("Stopped. What was finished before is kept."))
        sys.exit(STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        show = getattr(error, "show", None)  # typer's usage errors, whichever click it carries
        if show is None:
            raise
        show()
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _end_in_order() -> None:
    """Lets a closed window or a shutdown do what Ctrl-C does, so that nothing put aside for a while is left."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
