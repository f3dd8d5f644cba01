"""python3 -m unittest"""
import unittest

from headwater import Bench, Refusal
from stage import Passages


class PassagesTest(unittest.TestCase):
    def test_a_passage_is_a_paragraph_with_the_word(self):
        result = Bench(Passages, word="river").apply("The river rose.\n\nNobody slept.\n\nBy noon the River fell.")
        self.assertEqual([record.text for record in result.records], ["The river rose.", "By noon the River fell."])
        self.assertEqual(result.records[1].fields, {"number": 2, "match": "River"})
        self.assertEqual(result.records[1].cites, {"match": ["River"]})

    def test_a_document_without_the_word_is_left_out_with_the_reason(self):
        self.assertEqual(Bench(Passages, word="sea").apply("Nobody slept.").drops, ["word-not-found"])

    def test_a_word_that_is_none_is_refused(self):
        with self.assertRaises(Refusal) as refusal:
            Bench(Passages, word="two words").apply("Nobody slept.")
        self.assertEqual(refusal.exception.parameter, "word")


if __name__ == "__main__":
    unittest.main()
