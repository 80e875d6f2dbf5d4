import tomllib

from hypothesis import given
from hypothesis import strategies as st

from diskarte.core.toml import dump

TEXT = st.text(alphabet=st.characters(blacklist_categories=("Cs",)))
VALUE = st.one_of(
    TEXT, st.integers(-(2**60), 2**60), st.booleans(), st.lists(TEXT), st.dictionaries(TEXT, TEXT)
)
TABLE = st.dictionaries(TEXT, VALUE)
NAME = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(st.dictionaries(NAME, st.one_of(VALUE, TABLE, st.lists(TABLE, min_size=1))))
def test_what_is_written_is_read_back(facts):
    assert tomllib.loads(dump(facts)) == facts


def test_it_reads_well():
    assert dump({"name": "Kape", "none": None, "days": [1, 2]}) == 'name = "Kape"\ndays = [1, 2]\n'
    assert dump({"a": "one\ntwo"}) == 'a = """\none\ntwo"""\n'
