"""Records what CPython's logging says, as JSON beside this file.

    python3 Tests/NightjarLoggingTests/Goldens/make_goldens.py

The tests read what was recorded and need no Python.
"""

import io
import json
import logging
import os
import random
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ["TZ"] = "UTC"
time.tzset()

ATTRIBUTES = dict(
    name="a.b", levelno=30, levelname="WARNING", pathname="/srv/app/über.tar.gz", filename="über.tar.gz",
    module="über.tar", lineno=42, funcName="run", created=1704164645.678, msecs=678.0, relativeCreated=1234.5,
    thread=140000000000001, threadName="Thré", process=77, processName="MainProcess",
    msg="héllo wörld", args=(), exc_info=None, exc_text=None, stack_info=None,
    order=7, ratio=0.1, big=1e16, tiny=1e-05, negative=-42, text="it's", accent="naïve", empty="",
)


def record(**changes):
    return logging.makeLogRecord(dict(ATTRIBUTES, **changes))


def outcome(fmt, **options):
    try:
        return ["ok", logging.Formatter(fmt, **options).format(record())]
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        return ["error", str(error)]


def formats():
    """Every flag, width, precision and kind over text, integers and floats; errors too."""
    cases = []
    for name in ("levelname", "accent", "empty", "text"):
        for flags in ("", "-", "0", "+"):
            for width in ("", "3", "8", "12"):
                for precision in ("", ".0", ".2", ".20"):
                    for kind in "sra":
                        cases.append(f"<%({name}){flags}{width}{precision}{kind}>")
    numbers = ("order", "negative", "lineno", "ratio", "big", "tiny", "msecs", "created", "process")
    for name in numbers:
        for flags in ("", "-", "0", "+", " ", "#", "-0", "+0", "#0", "0 "):
            for width in ("", "5", "14"):
                for precision in ("", ".0", ".3"):
                    for kind in "diueEfFgGsr":
                        cases.append(f"<%({name}){flags}{width}{precision}{kind}>")
    for name in ("order", "negative", "lineno"):
        for flags in ("", "-", "0", "+", "#", "#0", "-#"):
            for width in ("", "6"):
                for precision in ("", ".4"):
                    for kind in "xXoc":
                        cases.append(f"<%({name}){flags}{width}{precision}{kind}>")
    cases = random.Random(7).sample(cases, 1500)
    cases += [
        "%(name)s", "%(asctime)s", "%(asctime)30s|", "%(filename)s", "%(module)s", "%(pathname)s", "%(thread)d",
        "%(threadName)-8s|", "%(processName)s", "%(relativeCreated)d", "%(msecs)03d", "%(created).3f", "%(created)f",
        "100%% %(message)s", "%%%(levelname)-8s%%", "%(message).5s|", "%(lineno)05d", "%(message)s\n%(name)s",
        "%(msg)s", "%(levelno)s", "%(order)ld", "%(order)hd",
        # What validation refuses, and what only formatting does.
        "hello", "%s", "%(name)", "%(name)y", "{name}", "%()s", "%(nope)s", "%(levelname)d", "%(ratio)x", "%(levelname)x",
        "%(levelname)f", "%(accent)c",
    ]
    return [[case, *outcome(case)] for case in cases]


def braces():
    """Python's format specifications over text, integers and floats; errors too."""
    cases = []
    for name in ("levelname", "accent", "empty", "text", "order", "negative", "ratio", "big", "tiny", "created", "lineno"):
        for conversion in ("", "!r", "!s", "!a"):
            for align in ("", "<", ">", "^", "=", "*<", "é^", "0="):
                for sign in ("", "+", " "):
                    for rest in ("", "#", "0", "12", "012", "20,", "020_", ".3", "15.2", "#15"):
                        for kind in ("", "s", "d", "f", "e", "g", "G", "%", "x", "X", "o", "b", "n", "c"):
                            cases.append("<{%s%s:%s%s%s%s}>" % (name, conversion, align, sign, rest, kind))
    cases = random.Random(5).sample(cases, 2500)
    cases += [
        "{message}", "{asctime}", "{{{message}}}", "a{{b}}c {name}", "{asctime:>30}|", "{filename}", "{thread:d}", "{msecs:03.0f}",
        "{message!r}", "{order:{lineno}}|", "{ratio:{order}.{order}f}", "{levelname:<{lineno}}|", "{created:,.3f}", "{lineno:,}",
        "hello", "{name", "name}", "{", "}", "{}", "{name!x}", "{name!r", "{name:2.2.2}", "{name.}", "{name[}", "{nope}",
        "{name:{lineno}", "{order!z:>4}", "{levelname:d}", "{order:s}", "{order:.2}", "{ratio:x}", "{order:Z}", "{0process}",
        "{name-thing}", "{ name}", "{name }",
    ]
    return [[case, *outcome(case, style="{")] for case in cases]


def dollars():
    cases = [
        "$message", "${message}", "$levelname:$name ${message}", "$$5 $name", "$asctime", "${asctime} $name", "$name$order",
        "${order}px", "$order.$ratio", "$name$$", "hello", "$", "$ name", "${name", "${na me}", "$9", "$$", "${}", "$nope",
        "bar $bar $name", "foo $", "${asctime", "$NAME", "$accent", "$message $", "$é",
    ]
    return [[case, *outcome(case, style="$")] for case in cases]


def dates():
    result = []
    for created in (0.0, 1704164645.678, 951782399.999, 4102444800.0, 1719792000.5):
        for datefmt in (None, "%H:%M:%S", "%Y/%m/%d %j %a", "%d.%m.%y %I %p", "plain", "%%", "%s"):
            formatter = logging.Formatter("%(asctime)s", datefmt)
            result.append([created, datefmt, formatter.format(record(created=created, msecs=round(created % 1 * 1000) + 0.0))])
    return result


def floats():
    generator = random.Random(11)
    values = [0.0, -0.0, 1.0, 1e15, 1e16, 1.5e16, 9007199254740993.0, 0.0001, 0.00001, 123456.789, 1e22, 1e23, 5e-324,
              1.7976931348623157e308, 0.1 + 0.2, 1e100]
    values += [struct.unpack("<d", struct.pack("<Q", generator.getrandbits(64)))[0] for _ in range(200)]
    values += [generator.uniform(-1e6, 1e18) for _ in range(100)]
    return [[struct.unpack("<Q", struct.pack("<d", value))[0], repr(value)] for value in values if value == value]


def reprs():
    texts = ["", "plain", "it's", 'say "x"', "both ' and \"", "tab\tnew\nline\r\\", "naïve", "\x00\x1f\x7f", "\u00a0\u2028",
             "😀", "\u200b", "日本"]
    return [[text, repr(text), ascii(text)] for text in texts]


def rotations():
    """`computeRollover` in Greenwich time. Times that are exactly one of rotation are left out: 3.11 rotates at once there."""
    import datetime
    import logging.handlers
    import tempfile
    generator = random.Random(3)
    result = []
    with tempfile.TemporaryDirectory() as folder:
        for when in ["S", "M", "H", "D", "midnight", "W0", "W1", "W2", "W3", "W4", "W5", "W6"]:
            for at in [None, "00:00:00", "03:30:00", "23:59:59"]:
                time_of_day = at and datetime.time.fromisoformat(at)
                handler = logging.handlers.TimedRotatingFileHandler(
                    os.path.join(folder, "x"), when=when, utc=True, atTime=time_of_day, delay=True)
                for _ in range(12):
                    now = generator.randrange(0, 4102444800)
                    rollover = handler.computeRollover(now)
                    if rollover != now:
                        result.append([when, at, now, rollover])
    return result


class Capture:
    """A fresh root logger writing to text."""

    def __enter__(self):
        self.root = logging.RootLogger(logging.WARNING)
        self.manager = logging.Manager(self.root)
        self.saved = logging.root, sys.stderr
        logging.root = logging.Logger.root = self.root
        logging.Logger.manager, self.oldmanager = self.manager, logging.Logger.manager
        self.out = sys.stderr = io.StringIO()
        return self

    def __exit__(self, *_):
        logging.Logger.manager = self.oldmanager
        logging.root, sys.stderr = self.saved
        logging.Logger.root = logging.root


def scenarios():
    result = {}

    def keep(name, body):
        with Capture() as capture:
            body(capture)
            result[name] = capture.out.getvalue()

    def implicit(c):
        logging.debug("d"); logging.info("i"); logging.warning("message"); logging.error("e"); logging.critical("c")

    def last_resort(c):
        log = logging.getLogger("x.y")
        log.info("i"); log.warning("w"); log.error("e")

    def no_handlers(c):
        saved, logging.lastResort = logging.lastResort, None
        log = logging.getLogger("x.y")
        log.warning("w"); log.warning("again")
        logging.lastResort = saved

    def propagation(c):
        logging.basicConfig(level=logging.ERROR)
        parent, child = logging.getLogger("p"), logging.getLogger("p.c")
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("P %(name)s %(message)s"))
        parent.addHandler(handler)
        child.setLevel(logging.DEBUG)
        child.debug("both, whatever the levels above")
        parent.warning("below the inherited level")
        parent.propagate = False
        child.info("parent only")
        child.disabled = True
        child.critical("nobody")

    def filters(c):
        logging.basicConfig(format="%(name)s %(message)s", level=1)
        logging.root.handlers[0].addFilter(logging.Filter("A.B"))
        for name in ("A", "A.B", "A.BB", "A.B.C", "A.B.C.D", "B.A.B"):
            logging.getLogger(name).info("m")
        logging.getLogger("A.B").addFilter(lambda r: False)
        logging.getLogger("A.B").info("dropped"); logging.getLogger("A.B.C").info("kept")

    def in_place(c):
        first, second = logging.StreamHandler(), logging.StreamHandler()
        def change(r):
            r.msg = r.msg + "!"
            return True
        first.addFilter(change)
        logging.root.addHandler(first); logging.root.addHandler(second)
        logging.warning("m")

    def levels(c):
        logging.basicConfig(format="%(levelname)s|%(levelno)s|%(message)s", level=0)
        log = logging.getLogger("l")
        for level in (0, 1, 5, 10, 15, 25, 50, 60, -5):
            log.log(level, "m")
        logging.addLevelName(15, "VERBOSE"); log.log(15, "named")
        logging._levelToName.pop(15); logging._nameToLevel.pop("VERBOSE")
        logging.disable(20); log.info("no"); log.warning("yes")
        logging.disable(logging.NOTSET); log.info("again")

    def extras(c):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        for changes in (dict(exc_text="E1\nE2"), dict(stack_info="S1"), dict(exc_text="E", stack_info="S"),
                        dict(msg="ends\n", exc_text="E"), dict(msg="", exc_text="E")):
            handler.handle(record(**changes))

    for name, body in list(locals().items()):
        if callable(body) and name != "keep":
            keep(name, body)
    return result


def write(name, value):
    path = os.path.join(HERE, name + ".json")
    with open(path, "w") as file:
        file.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    for function in (formats, braces, dollars, rotations, dates, floats, reprs, scenarios):
        write(function.__name__, function())
