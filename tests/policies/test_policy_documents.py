"""Policies as JSON documents."""

import json

import jax
import numpy as np
import pytest
from small_problems import SIX, STANDARD, as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import DocumentError, QTheoryError
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.documents import policy_from_json
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

OPTIMIZERS = [Quantilizer("3/8"), Quantilizer("1/3", ties="ordered"), BestOfN(3), TopKOfN(5, 2), Imitation()]
LINE = Problem(Continuous("student_t(3)"), cost="x**2")


def round_trip(policy):
    return policy_from_json(json.loads(json.dumps(policy.to_json(), allow_nan=False)))


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, Maximizer()], ids=repr)
@pytest.mark.parametrize("problem", [*STANDARD.values(), SIX], ids=[*STANDARD, "six"])
def test_atom_policies_survive_a_round_trip(optimizer, problem):
    for one in (problem, as_floats(problem)):
        policy = optimizer(one)
        back = round_trip(policy)
        assert back == policy and hash(back) == hash(policy) and back.estimand == policy.estimand


@pytest.mark.parametrize("seed", range(20))
def test_random_policies_survive_a_round_trip(seed):
    rng = np.random.default_rng(seed)
    policy = random_policy(rng, random_problem(rng), on_empty=True)
    assert round_trip(policy) == policy


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_rank_policies_survive_a_round_trip(optimizer):
    policy = optimizer(LINE)
    assert round_trip(policy) == policy


def test_weight_policies_survive_a_round_trip():
    for supremum in (2.0, float("inf")):
        policy = WeightPolicy(Problem(Continuous("uniform(0, 1)")), "2*x", supremum)
        assert round_trip(policy) == policy


def test_a_policy_of_a_sampler_has_no_json_form():
    with pytest.raises(DocumentError):
        BestOfN(3)(Problem(Generative(jax.random.normal))).to_json()


DOCUMENTS = {
    "atom": Quantilizer("3/8")(STANDARD["A48"]).to_json(),
    "rank": BestOfN(3)(LINE).to_json(),
    "weight": WeightPolicy(Problem(Continuous("uniform(0, 1)")), "2*x").to_json(),
}
SHARED = [{"type": "problem"}, {"schema": 2}, {"schema": None}, {"kind": "other"}, {"kind": None}, {"kind": ["atom"]}]
SHARED += [{"problem": None}, {"problem": {}}]
CHANGES = {
    "atom": [
        {"probabilities": None},
        {"probabilities": ["1"]},
        {"probabilities": [1, 1, float("nan")]},
        {"estimand": 5},
    ]
    + [
        {"probabilities": ["1/2", "1/2", "1/2"]},
        {"probabilities": ["x", "0", "0"]},
        {"kind": "rank"},
        {"kind": "weight"},
    ],
    "rank": [
        {"rank": None},
        {"rank": []},
        {"rank": {"density": "x"}},
        {"rank": {"density": "top of draws", "n": 0, "k": 1}},
    ],
    "weight": [
        {"ratio": None},
        {"ratio": "y"},
        {"ratio": "3*x"},
        {"supremum": None},
        {"supremum": float("nan")},
        {"supremum": []},
    ],
}


@pytest.mark.parametrize("kind, change", [(kind, c) for kind in DOCUMENTS for c in SHARED + CHANGES[kind]], ids=repr)
def test_a_malformed_policy_is_a_typed_error(kind, change):
    with pytest.raises(QTheoryError):
        policy_from_json({**DOCUMENTS[kind], **change})


@pytest.mark.parametrize("kind, missing", [(kind, name) for kind in DOCUMENTS for name in DOCUMENTS[kind]])
def test_a_missing_field_is_a_document_error(kind, missing):
    with pytest.raises(DocumentError):
        policy_from_json({name: value for name, value in DOCUMENTS[kind].items() if name != missing})


@pytest.mark.parametrize("document", [None, [], "atom", 1, {}])
def test_what_is_no_policy_is_a_document_error(document):
    with pytest.raises(DocumentError):
        policy_from_json(document)
