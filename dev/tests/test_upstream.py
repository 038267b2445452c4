import unittest

from dev.upstream import FAILED, OK, SKIPPED, Results, by_module, newly_failing

LOG = """\
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_ok ...\x20
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_fail ...
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: ======================
2026-01-01 10:00:00,1 99 ERROR db odoo.addons.sale.tests.test_a: FAIL: TestA.test_fail
Traceback (most recent call last):
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_sub ...
2026-01-01 10:00:00,1 99 ERROR db odoo.addons.sale.tests.test_a: ERROR: Subtest TestA.test_sub (1)
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_skip ...
2026-01-01 10:00:00,1 99 INFO db odoo.addons.sale.tests.test_a: skipped TestA.test_skip : no\x20
2026-01-01 10:00:00,1 99 ERROR db odoo.tests.suite: ERROR: setUpClass \
(odoo.addons.loyalty.tests.test_b.TestB)
2026-01-01 10:00:00,1 99 ERROR db odoo.http: Starting TestC.test_c ...
"""
SUMMARY = (
    "2026-01-01 10:00:00,1 99 ERROR db odoo.tests.result: 1 failed, 2 error(s) of 4 tests when"
    " loading database 'db'\n"
)


class TestResults(unittest.TestCase):
    def test_a_log_is_read(self):
        results = Results()
        for line in LOG.splitlines(keepends=True):
            results.read(line)
        self.assertEqual(
            results.outcomes,
            {
                "sale:TestA.test_ok": OK,
                "sale:TestA.test_fail": FAILED,
                "sale:TestA.test_sub": FAILED,
                "sale:TestA.test_skip": SKIPPED,
                "loyalty:TestB": FAILED,
            },
        )
        self.assertFalse(results.complete)
        results.read(SUMMARY)
        self.assertTrue(results.complete)

    def test_results_are_sorted_by_module(self):
        results = {"sale:A.a": OK, "sale_loyalty:A.a": FAILED}
        self.assertEqual(
            by_module(["sale", "sale_loyalty", "portal"], results),
            {"sale": {"sale:A.a": OK}, "sale_loyalty": {"sale_loyalty:A.a": FAILED}, "portal": {}},
        )


class TestNewlyFailing(unittest.TestCase):
    def test_only_what_passes_without_counts(self):
        without = {"m:A.a": OK, "m:A.b": FAILED, "m:A.c": OK, "m:A.d": SKIPPED}
        self.assertEqual(newly_failing(without, without), [])
        after = {**without, "m:A.c": FAILED}
        self.assertEqual(newly_failing(without, after), ["m:A.c"])

    def test_a_test_that_no_longer_runs_has_failed(self):
        without = {"m:A.a": OK, "m:A.b": OK}
        self.assertEqual(newly_failing(without, {"m:A.a": OK}), ["m:A.b"])
        self.assertEqual(newly_failing(without, {"m:A.a": OK, "m:A.b": SKIPPED}), ["m:A.b"])

    def test_a_class_that_cannot_be_prepared_counts_once(self):
        self.assertEqual(newly_failing({"m:A.a": OK, "m:A.b": OK}, {"m:A": FAILED}), ["m:A"])


if __name__ == "__main__":
    unittest.main()
