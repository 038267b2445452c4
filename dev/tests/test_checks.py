import tempfile
import unittest
from pathlib import Path

from dev.checks import javascript, manifest, xml_files


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name, text=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class TestXml(Files):
    def check(self, text):
        return xml_files.check(self.root, [self.write("views/a.xml", text)])

    def test_a_good_file_has_no_findings(self):
        self.assertEqual(self.check('<odoo><record id="a"/><record id="b"/></odoo>'), [])

    def test_a_broken_file_is_named_with_its_line(self):
        [finding] = self.check("<odoo>\n<record></odoo>")
        self.assertIn("views/a.xml:2: not well-formed", finding)

    def test_an_id_used_twice_is_found(self):
        [finding] = self.check('<odoo><record id="a"/>\n<template id="a"/></odoo>')
        self.assertEqual(finding, "views/a.xml:2: id a is already used in views/a.xml:1")

    def test_what_odoo_no_longer_knows_is_found(self):
        findings = self.check('<odoo><tree/><field attrs="{}"/><t t-esc="a"/></odoo>')
        self.assertEqual(len(findings), 3)


class TestJavascript(Files):
    def test_brackets(self):
        for source in (
            "const a = {b: [1, (2)]};",
            "const a = \"}\" + '{'; // (\n/* [ */",
            "const a = `${b({c: 1})} }`;",
            "const a = /[)}]\\//.test(b) && c / d / e;",
            "return /\\{/.test(b)",
        ):
            self.assertIsNone(javascript.unbalanced(source), source)
        for source in ("a(", "a)", "{(})", 'const a = "b;\n', "const a = `b;"):
            self.assertIsNotNone(javascript.unbalanced(source), source)

    def test_what_does_not_parse_is_found(self):
        path = self.write("static/src/a.js", "const a = {b: 1;\n")
        [finding] = javascript.check(self.root, [path], lambda name: None, "addon")
        self.assertIn("static/src/a.js", finding)

    def test_leftovers_are_found_in_code_only(self):
        path = self.write("static/src/a.js", '// console.log\nfoo("debugger");\nconsole.log(1);\n')
        findings = javascript.check(self.root, [path], lambda name: None, "addon")
        self.assertEqual(findings, ["static/src/a.js: console.log left over"])

    def test_imports_must_exist(self):
        other = self.root / "other"
        self.write("other/static/src/core/b.js")
        self.write("static/src/c.js")
        good = """
            import { b } from "@other/core/b";
            import { c } from "./c";
            import { d } from "@addon/c";
            import { Component } from "@odoo/owl";
        """
        path = self.write("static/src/a.js", good + 'import {\n  x,\n} from "@other/core/x";\n')
        addons = {"other": other}
        self.assertEqual(
            javascript.check(self.root, [path], addons.get, "addon"),
            ["static/src/a.js:8: there is no module @other/core/x"],
        )


class TestManifest(Files):
    def check(self, **values):
        values = {"version": "19.0.1.0.0", **values}
        return manifest.check(self.root, values, "addon")

    def setUp(self):
        super().setUp()
        self.write("CHANGELOG.md", "# Changes\n\n## 19.0.1.0.0 (2026-01-01)\n")

    def test_a_good_manifest_has_no_findings(self):
        self.write("views/a.xml")
        self.write("static/src/a.js")
        assets = {"web.assets_backend": ["addon/static/src/**/*.js", ("remove", "web/x.js")]}
        self.assertEqual(self.check(data=["views/a.xml"], assets=assets), [])

    def test_the_version_has_odoos_form_and_an_entry_in_the_change_log(self):
        self.assertEqual(len(self.check(version="1.0")), 2)
        self.assertEqual(
            self.check(version="19.0.1.0.1"),
            ["__manifest__.py: CHANGELOG.md has no heading for version 19.0.1.0.1"],
        )

    def test_files_and_lists_agree(self):
        self.write("views/forgotten.xml")
        findings = self.check(
            data=["views/missing.xml"], assets={"bundle": ["addon/static/missing.js"]}
        )
        self.assertEqual(len(findings), 3)


if __name__ == "__main__":
    unittest.main()
