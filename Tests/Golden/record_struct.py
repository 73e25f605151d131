"""Records what CPython's struct does, for StructGoldenTests. Run: python3 record_struct.py > struct.txt

A line is an operation, its inputs, and after '=' the result or after '!' the error, separated by tabs.
Values are i:<decimal>, d:<bits of the double in hex>, b:<0|1>, y:<hex>. Unsigned 64-bit results are written
as signed ones, which is how the Swift side represents them. Recorded with CPython 3.11 on x86-64 Linux.
"""
import random
import struct

random.seed(20)


def text(value):
    if isinstance(value, bool):
        return f"b:{int(value)}"
    if isinstance(value, int):
        return f"i:{value - (1 << 64) if value >= 1 << 63 else value}"
    if isinstance(value, float):
        return "d:" + struct.pack(">d", value).hex()
    return "y:" + value.hex()


def line(operation, *inputs, call, show):
    try:
        outcome = "=\t" + show(call())
    except struct.error as error:
        outcome = "!\t" + str(error)
    except OverflowError as error:
        outcome = "O\t" + str(error)
    print(operation, *inputs, outcome, sep="\t")


def pack(format, *values):
    line("pack", format, " ".join(map(text, values)),
         call=lambda: struct.pack(format, *values), show=bytes.hex)


def values_text(values):
    return " ".join(map(text, values))


def unpack(format, data):
    line("unpack", format, data.hex(), call=lambda: struct.unpack(format, data), show=values_text)


def unpack_from(format, data, offset):
    line("from", format, data.hex(), offset,
         call=lambda: struct.unpack_from(format, data, offset), show=values_text)


def iter_unpack(format, data):
    line("iter", format, data.hex(), call=lambda: list(struct.iter_unpack(format, data)),
         show=lambda records: " | ".join(map(values_text, records)))


def calcsize(format):
    line("size", format, call=lambda: struct.calcsize(format), show=str)


for format in ["", "5", "h5", " ", "z", "x@h", "<n", "<N", "=P", "9223372036854775807c", "9223372036854775808c",
               "9223372036854775807c9c", "9223372036854775807h", "99999999999999999999h", "9223372036854775807bh",
               "0l", "b0l", "h0q", "bxxh", "3 h", " h\v2i", "2x3s5p", "0s", "0p", "1p", "300p", "b?d", "eh0d", "@",
               "<", ">hhl", "nNP", "b0xi", "10000000000000000000", "y", "h,i", "<h>", "9223372036854775800x7xb"]:
    calcsize(format)

EDGES = {1: (7, 8), 2: (15, 16), 4: (31, 32)}
INTEGERS = "bBhHiIlLqQ"
for order in ["", "@", "=", "<", ">", "!"]:
    for code in INTEGERS:
        for value in [0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536,
                      2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**32 - 1, 2**32, 2**63 - 1, -2**63]:
            if struct.calcsize(order + code) == 8 and code.isupper() and value < 0:
                continue  # ours takes the bits
            pack(order + code, value)
    for value in [0.0, -0.0, 1.5, 65504.0, 65519.99, 65520.0, -65520.0, 1e300, -1e300, 3.4028235e38, 3.4028236e38,
                  3.5e38, 5.96e-8, 2.98e-8, 2.99e-8, 6.1e-5, 6.097e-5, 1e-40, 5e-324, float("inf"), float("-inf"),
                  0.1, 1.0009765625, 1.00048828125, 1.00146484375, 2047.5, 2048.5, 2049.0, 2051.0, 4094.9]:
        for code in "efd":
            pack(order + code, value)
    for code in "efd":
        for value in [1, -7, True, 2**53 + 1, b"1"]:
            pack(order + code, value)
        if code != "d":
            pack(order + code, float("nan"))
    for code in "bHiq?":
        pack(order + code, True)
    for value in [0, 3, 0.0, -0.5, b"", b"a", False]:
        pack(order + "?", value)

for format, values in [
    ("c", (b"",)), ("c", (b"a",)), ("c", (b"ab",)), ("c", (1,)), ("s", (1,)), ("p", (1.5,)), ("5s", (b"abc",)),
    ("5s", (b"abcdefg",)), ("0s", (b"abc",)), ("5p", (b"abc",)), ("5p", (b"abcdefg",)), ("1p", (b"abc",)),
    ("300p", (bytes(range(256)) + b"x" * 40,)), ("h", ()), ("h", (1, 2)), ("3h", (1, 2)), ("", ()), ("", (1,)),
    ("2x", ()), ("0h", ()), ("0h", (1,)), ("h", (b"1",)), ("q", (1.5,)), ("I", (b"",)), ("P", (17,)), ("P", (-1,)),
    ("nN", (-5, 5)), ("n", (b"",)), ("b0q", (1,)), ("bi", (1, 2)), ("<bi", (1, 2)), ("c3sx?", (b"q", b"ab", 1)),
]:
    pack(format, *values)

for bits in list(range(0, 65536, 97)) + [0x7BFF, 0x7C00, 0xFC00, 0x8000, 1, 0x3FF, 0x400, 0x8001]:
    if bits & 0x7C00 == 0x7C00 and bits & 0x3FF:
        continue  # the payload of a NaN is not specified
    unpack("<e", struct.pack("<H", bits))
for _ in range(300):
    pack(">e", random.choice([1, -1]) * random.random() * 2 ** random.randint(-26, 17))

for data in [b"", b"a" * 10, b"a" * 16]:
    for offset in [0, 1, -1, -4, -8, -10, -11, 6, 7, 10, 16, -(2**63), 2**63 - 1]:
        unpack_from("<i", data, offset)
        unpack_from("<2i", data, offset)
        unpack_from("", data, offset)
for format, data in [("", b""), ("", b"a"), ("<h", b"abc"), ("<h", b"abcd"), ("<h", b""), ("<2sB", b"abcdef"), ("0h", b"")]:
    iter_unpack(format, data)

for _ in range(700):
    order = random.choice(["", "@", "=", "<", ">", "!"])
    format = order
    for _ in range(random.randint(1, 6)):
        codes = "xcbB?hHiIlLqQefdsp" + ("nNP" if order in ("", "@") else "")
        format += random.choice(["", "", "", " ", "0", "1", "2", "3", "7"])
        format += random.choice(codes)
    if "0p" in format:
        continue  # CPython 3.11 reads and writes out of bounds
    if random.random() < 0.04:
        format += random.choice("zy5@ ")
    calcsize(format)
    try:
        size = struct.calcsize(format)
    except struct.error:
        continue
    data = bytes(random.randrange(256) for _ in range(size))
    values = struct.unpack(format, data)
    if any(value != value for value in values):
        continue  # a NaN's payload again
    unpack(format, data)
    unpack(format, data + b"x")
    if all(isinstance(value, float) or value == 0 or not isinstance(value, int) or value < 2**63 for value in values):
        pack(format, *values)
