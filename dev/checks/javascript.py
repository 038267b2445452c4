"""JavaScript: parses, imports what exists, leaves nothing in the console."""

import re
import shutil
import subprocess

_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;'"]*?\bfrom\s+["']([^"']+)["']""", re.MULTILINE)
_LEFTOVER = re.compile(r"\bconsole\.(?:log|debug)\b|\bdebugger\b")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
# Comments, strings, templates (with templates inside), and regular expressions, which begin where
# a division cannot.
_TOKEN = re.compile(
    r"""
    //[^\n]* | /\*.*?\*/
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    | `(?:\\.|\$\{[^{}`]*(?:`[^`]*`[^{}`]*)*\}|[^`\\])*`
    | (?:(?<=[(,=:!&|?{};\[])|(?<=[(,=:!&|?{};\[]\ )|(?<=return\ ))
      /(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*
    """,
    re.DOTALL | re.VERBOSE,
)


def check(root, files, find_addon, addon):
    """Check JavaScript files.

    :param Path root: of the addon
    :param files: paths of the files
    :param find_addon: function from the name of another addon to its folder, or ``None``
    :param str addon: name of the addon
    :return: findings
    :rtype: list[str]
    """
    findings = []
    for path in files:
        name = path.relative_to(root)
        source = path.read_text()
        error = _node_error(source) if has_node() else unbalanced(source)
        if error:
            findings.append(f"{name}: {error}")
        leftovers = _LEFTOVER.finditer(without_comments(source))
        findings += [f"{name}: {match[0]} left over" for match in leftovers]
        for match in _IMPORT.finditer(source):
            line = source.count("\n", 0, match.start(1)) + 1
            folder = root if match[1].startswith(f"@{addon}/") else None
            if not _exists(match[1], path, folder, find_addon):
                findings.append(f"{name}:{line}: there is no module {match[1]}")
    return findings


def has_node():
    return bool(shutil.which("node"))


def _node_error(source):
    answer = subprocess.run(
        ["node", "--check", "--input-type=module", "-"],
        input=source,
        capture_output=True,
        text=True,
    )
    if answer.returncode == 0:
        return None
    lines = answer.stderr.splitlines()
    error = next((line for line in lines if "Error" in line), "does not parse")
    return f"{error} (line {lines[0].rpartition(':')[2]})" if lines else error


def _exists(module, path, folder, find_addon):
    """Whether an imported module exists, by Odoo's rules for names."""
    if module.startswith("."):
        target = (path.parent / module).resolve()
    elif match := re.match(r"@([a-z0-9_]+)/(.+)", module):
        if match[1] == "odoo":  # @odoo/owl and the like
            return True
        folder = folder or find_addon(match[1])
        if folder is None:
            return False
        below = "static/" if match[2].startswith("../") else "static/src/"
        target = folder / below / match[2].removeprefix("../")
    else:
        return False
    return target.with_name(target.name.removesuffix(".js") + ".js").exists()


def without_comments(source):
    """The source with comments and strings blanked out, the lines as they were."""
    return _TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def unbalanced(source):
    """What is wrong with the brackets, or ``None``. Does for machines without Node."""
    stack = []
    code = without_comments(source)
    for position, character in enumerate(code):
        line = code.count("\n", 0, position) + 1
        if character in "\"'`":
            return f"a string is not closed (line {line})"
        if character in _BRACKETS:
            stack.append((_BRACKETS[character], line))
        elif character in _BRACKETS.values() and (not stack or stack.pop()[0] != character):
            return f"unexpected {character} (line {line})"
    return f"the bracket of line {stack[-1][1]} is not closed" if stack else None
