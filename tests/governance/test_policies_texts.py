"""The texts of the house's policies: each rule named, explained, and fit for the schema."""

import hashlib
import re

import cedarpy

from governance.policies import engine
from governance.policies.reasons import RULES


def test_every_rule_has_an_id_and_every_id_a_sentence() -> None:
    text = "\n".join(path.read_text() for path in engine.policy_files())
    named = re.findall(r'@id\("([^"]+)"\)', text)
    assert len(named) == len(set(named)) == len(cedarpy.PolicySet.from_str(text))
    assert set(named) == set(RULES)


def test_every_policy_fits_the_schema() -> None:
    text = "\n".join(path.read_text() for path in engine.policy_files())
    found = cedarpy.validate_policies(text, (engine.FOLDER / "schema.cedarschema").read_text())
    assert [str(error) for error in found.errors] == []


def test_the_digest_of_the_house_is_of_the_texts_and_not_of_their_places() -> None:
    """Laws that were made before a folder was renamed are known still: the order of the texts is the same."""
    first = [path.parent.name for path in engine.policy_files()]
    assert first == sorted(first) == ["articles"] * 8 + ["role"] * 13
    text = "\n".join(path.read_text() for path in engine.policy_files())
    schema = (engine.FOLDER / "schema.cedarschema").read_text()
    assert engine.house().digest == hashlib.sha256(f"{schema}\0{text}".encode()).hexdigest()
