import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import apt, console, demo, oca, odoo_tree, paths, postgres, venv


class TestMirrors(unittest.TestCase):
    def test_the_address_of_the_archive_is_taken_from_apts_own_answer(self):
        text = (
            "'http://mirror.example/debian/dists/stable/InRelease' mirror_InRelease 0 \n"
            "'http://mirror.example/debian/dists/stable-updates/InRelease' mirror_u_InRelease 0 \n"
            "'http://mirror.example/security/dists/stable-security/InRelease' sec_InRelease 0 \n"
            "'http://mirror.example/debian/dists/stable/main/binary-amd64/Packages.xz' p 0 \n"
            "'https://other.example/debian//dists/stable/InRelease' o_InRelease 0 \n"
        )
        self.assertEqual(
            apt.parse_mirrors(text),
            ["http://mirror.example/debian", "https://other.example/debian"],
        )


class TestVersions(unittest.TestCase):
    def test_versions_compare_as_numbers(self):
        self.assertGreater(demo.as_numbers("19.0.1.10.0"), demo.as_numbers("19.0.1.9.9"))

    def test_ports(self):
        for text, port in (("", 8069), ("80", 80)):
            with mock.patch.dict("os.environ", PORT=text):
                self.assertEqual(demo.chosen_port(), port)
        for text in ("0", "65536", "abc", "-1"):
            with mock.patch.dict("os.environ", PORT=text), self.assertRaises(console.Failure):
                demo.chosen_port()


class TestRequirements(unittest.TestCase):
    def test_everything_is_pinned_to_one_version_for_each_python(self):
        for path in venv.REQUIREMENTS.values():
            for line in path.read_text().splitlines():
                if line and not line.startswith("#"):
                    self.assertRegex(line, r'^[\w.-]+==[\w.]+(; python_version [<>=]+ "3\.\d+")?$')

    def test_packages_are_counted_once(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(
                '# two\na==1; python_version < "3.13"\na==2; python_version >= "3.13"\nb==1\n'
            )
            file.flush()
            self.assertEqual(venv.count_requirements(file.name), 2)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def write(self, name, text=""):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class TestAddonsOfTheCommunity(Folder):
    def setUp(self):
        super().setUp()
        for name in ("WORK", "OCA", "LOGS"):
            patcher = mock.patch.object(paths, name, self.folder)
            patcher.start()
            self.addCleanup(patcher.stop)

    def ready(self, code, files):
        def run(command, _log):
            part = Path(command[command.index("--target") + 1])
            self.assertFalse(part.exists(), "pip leaves alone what is there")
            for file in files:
                (part / file).parent.mkdir(parents=True, exist_ok=True)
                (part / file).touch()
            return code

        with mock.patch.object(oca, "run", side_effect=run) as pip:
            return oca.ready("queue"), pip.call_count

    def test_what_was_cut_short_is_installed_anew_and_what_is_there_is_not(self):
        with self.assertRaises(console.Failure):
            self.ready(1, ["half"])
        folder, asked = self.ready(0, ["odoo/addons/queue_job/__manifest__.py"])
        self.assertEqual(asked, 1)
        self.assertTrue((folder / "odoo/addons/queue_job").exists())
        self.assertFalse((folder / "half").exists())
        self.assertEqual(self.ready(0, []), (folder, 0))


class TestTree(Folder):
    def odoo(self, base, addons, series="19.0"):
        self.write(f"{base}/odoo/release.py", f"series = '{series}'\nversion = series\n")
        for name in ("web", "website_sale_loyalty"):
            self.write(f"{addons}/{name}/__manifest__.py", "{}")

    def test_a_git_checkout_is_recognised(self):
        self.odoo("src", "src/addons")
        tree = odoo_tree.examine(self.folder / "src")
        self.assertEqual(tree.python_path, self.folder / "src")
        self.assertEqual(tree.addons, (self.folder / "src/addons",))
        self.assertEqual(tree.find_addon("web"), self.folder / "src/addons/web")

    def test_an_installed_odoo_is_recognised_by_any_of_its_folders(self):
        self.odoo("dist-packages", "dist-packages/odoo/addons")
        for home in ("dist-packages", "dist-packages/odoo"):
            tree = odoo_tree.examine(self.folder / home)
            self.assertEqual(tree.python_path, self.folder / "dist-packages")
            self.assertEqual(tree.addons, ())

    def test_other_folders_are_refused(self):
        with self.assertRaisesRegex(console.Failure, "no Odoo source tree"):
            odoo_tree.examine(self.folder)
        self.odoo("old", "old/addons", series="18.0")
        with self.assertRaisesRegex(console.Failure, "is Odoo 18.0"):
            odoo_tree.examine(self.folder / "old")

    def test_missing_assets_are_filled_in(self):
        self.write(
            "mail/__manifest__.py",
            "{'assets': {'b': ['mail/static/lib/a.js', 'mail/static/src/*.js', 'x/static/b.js',"
            " ('remove', 'mail/static/lib/c.js'), 'mail/static/d.xml', '/mail/static/e.js']}}",
        )
        self.write("mail/static/e.js", "kept")
        made = odoo_tree.fill_in_missing_assets(self.folder)
        names = {str(path.relative_to(self.folder)) for path in made}
        self.assertEqual(names, {"mail/static/lib/a.js", "mail/static/lib/c.js"})
        self.assertEqual((self.folder / "mail/static/e.js").read_text(), "kept")


class TestFailures(Folder):
    def test_known_causes_are_put_in_words(self):
        log = self.write("log", "E: write (28: No space left on device)\n")
        self.assertIn("disk", console.failed("it failed", log).what)
        log = self.write("log", "Temporary failure in name resolution\n")
        self.assertIn("network", console.failed("it failed", log, network=True).what)
        self.assertEqual(console.failed("it failed", log).what, "it failed.")

    def test_the_end_of_the_log_is_shown(self):
        log = self.write("log", "\n".join(map(str, range(100))))
        self.assertIn("\n  99", console.failed("it failed", log).fix)


class TestPaths(Folder):
    def test_the_digest_of_files_sees_names_and_content(self):
        self.write("a.py", "1")
        self.write("tests/b.py", "1")
        first = paths.digest_files(self.folder, {".py"}, without=("tests",))
        self.write("tests/b.py", "2")
        self.write("c.txt", "2")
        self.assertEqual(paths.digest_files(self.folder, {".py"}, without=("tests",)), first)
        self.write("a.py", "2")
        self.assertNotEqual(paths.digest_files(self.folder, {".py"}, without=("tests",)), first)

    def test_the_addon_is_linked_without_the_runner(self):
        for name in ("models/a.py", "__manifest__.py", "dev/b.py", ".git/c"):
            self.write(name)
        links = self.folder / ".odoo" / "links"
        with mock.patch.multiple(paths, ROOT=self.folder, LINKS=links):
            folder = paths.link_addon()
            names = {link.name for link in folder.iterdir()}
            self.assertEqual(names, {"models", "__manifest__.py"})
            self.assertTrue((folder / "models/a.py").exists())
            (self.folder / "__manifest__.py").unlink()
            paths.link_addon()
            self.assertEqual([link.name for link in folder.iterdir()], ["models"])

    def test_a_long_path_gets_its_socket_elsewhere(self):
        with mock.patch.object(paths, "POSTGRES", Path("/short")):
            self.assertEqual(postgres.socket_folder(), Path("/short"))
        with mock.patch.object(paths, "POSTGRES", Path("/" + "long" * 30)):
            self.assertLess(len(str(postgres.socket_folder() / postgres.SOCKET_NAME)), 107)


if __name__ == "__main__":
    unittest.main()
