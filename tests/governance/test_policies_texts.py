"""The texts of the house's policies: each rule named, explained, and fit for the schema."""

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
