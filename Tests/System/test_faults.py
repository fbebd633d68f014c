"""The faults and attacks that this release promises to survive, each with a test that bears its number: `test_fault_12_…`.

A row without a test fails, and so does a test whose number is in no row. Rows of later stages join the table with their tests.
"""
import pathlib
import re

ROWS = {
    1: "crash during ingest", 2: "crash during recovery", 3: "polite stop under load", 4: "frozen process", 5: "lost answer", 6: "same messageId at once", 7: "power cut",
    8: "power cut, names not synced", 9: "long recovery", 10: "clock jumps", 11: "two processes on one data folder", 12: "out of memory", 13: "10,000 idle connections",
    14: "descriptors exhausted", 15: "slow clients", 16: "upgrade and downgrade",
    17: "every write fails", 18: "every write finds the disk full", 19: "sync fails for a while", 20: "sync fails once, pages dropped", 21: "short writes", 22: "slow disk",
    23: "disk full", 24: "file size limit", 25: "torn tail", 26: "shortened file", 27: "bit flip", 28: "read-only or foreign folder", 29: "backup under load", 30: "damaged backup",
    31: "destination hangs", 32: "destination fails for a while", 33: "takes it, then the line drops", 34: "refused for good", 35: "crash while delivering", 36: "endless answer",
    37: "wrong certificate", 38: "a long queue, restart", 39: "crash during a journey's wait", 40: "clock back during waits", 41: "somebody qualifies twice", 42: "crash between sent and recorded",
    43: "experiment assignment", 44: "segment membership under load", 46: "merge during delivery", 53: "consent withdrawn while queued", 55: "quiet hours and caps", 89: "calls of inside addresses",
    47: "later, says the mail server", 48: "refused for good by mail", 49: "nobody confirms a mail", 50: "forged bounces", 51: "complaints", 52: "soft bounces",
    54: "unsubscribe link opened by a scanner", 57: "broken consent object", 85: "formulas in exports", 86: "templates in values", 87: "header injection", 88: "SMTP smuggling",
    90: "DNS rebinding", 91: "redirect to inside", 93: "changed unsubscribe links", 94: "SQL and expressions in names",
    45: "concurrent merges", 56: "global privacy control", 58: "erasure and crash", 59: "erasure, then late events", 60: "erasure of one of two merged ids",
    64: "malformed input", 65: "deep nesting", 66: "gzip bomb", 67: "hostile upload", 68: "integer traps", 69: "request smuggling", 70: "header splitting", 71: "big heads",
    72: "text that is no text", 73: "identifier poisoning",
    76: "role matrix", 77: "ids of others", 78: "mass assignment", 79: "keys on the wrong door", 80: "brute force", 81: "timing of keys", 82: "sessions", 83: "cross-site forms",
    84: "stored scripts", 92: "open redirect", 97: "secrets",
}


def tested():
    """Row to the names of its tests: `fault_17_…` in a test's name or in a parameter's; `fault_76_and_79_…` counts for both."""
    found = {}
    for path in sorted(pathlib.Path(__file__).parent.glob("test_*.py")):
        if path.name == pathlib.Path(__file__).name:
            continue
        text = path.read_text()
        for match in re.finditer(r"""(def test_|["'])fault_((?:\d+_and_)*\d+)_\w+""", text):
            # A test that only the long form runs promises nothing to who runs the short one.
            start = text.rfind("\n\n", 0, match.start())
            if "@pytest.mark.soak" in text[start:match.start()]:
                continue
            for number in match[2].split("_and_"):
                found.setdefault(int(number), []).append(match[0].removeprefix("def "))
    return found


def test_every_row_has_a_test():
    missing = {number: title for number, title in ROWS.items() if number not in tested()}
    assert not missing, f"no test bears these numbers: {missing}"


def test_every_number_is_a_row():
    unknown = {number: names for number, names in tested().items() if number not in ROWS}
    assert not unknown, unknown
