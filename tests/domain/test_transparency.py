import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsmatrix.domain.transparency import (
    EMPTY_ROOT,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    root,
    salted_leaf,
)

# The tree of eight entries and its roots that the implementations of Certificate Transparency test with.
ENTRIES = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def defined_root(of: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if len(of) == 1:
        return of[0]
    split = max(2**power for power in range(20) if 2**power < len(of))
    return hashlib.sha256(b"\x01" + defined_root(of[:split]) + defined_root(of[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_a_known_proof_of_certificate_transparency() -> None:
    assert [step.hex() for step in inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65])
def test_every_leaf_of_every_tree_can_be_shown_and_no_other(size: int) -> None:
    tree = leaves(size)
    top = root(tree)
    assert top == defined_root(tree)

    for index in range(size):
        proof = inclusion_proof(tree, index)

        assert includes(tree[index], index, size, proof, top)
        assert not includes(leaf_hash(b"other"), index, size, proof, top)
        assert not includes(tree[index], index, size, [*proof, top], top)
        assert not includes(tree[index], index, size, proof, EMPTY_ROOT)
        assert not (proof and includes(tree[index], index, size, proof[:-1], top))
        assert not any(
            includes(tree[index], other, size, proof, top) for other in range(-1, size + 1) if other != index
        )


@pytest.mark.parametrize("size", [*range(1, 26), 32, 33])
def test_every_later_tree_can_be_shown_to_extend_every_earlier_one(size: int) -> None:
    tree = leaves(size)

    for earlier in range(1, size + 1):
        proof = consistency_proof(tree, earlier)
        before, after = root(tree[:earlier]), root(tree)

        assert extends(earlier, before, size, after, proof)
        assert not extends(earlier, root(leaves(size + 1)[1 : earlier + 1]), size, after, proof)
        assert not extends(earlier, before, size, root(leaves(size + 1)[1:]), proof)
        assert not extends(earlier, before, size, after, [*proof, after])
        assert not (proof and extends(earlier, before, size, after, proof[:-1]))


@given(st.integers(2, 60), st.data())
def test_a_log_that_was_rewritten_cannot_be_shown_to_extend_what_it_was(
    size: int, data: st.DataObject
) -> None:
    earlier = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, earlier - 1))
    then = leaves(size)
    now = [leaf_hash(b"rewritten") if place == changed else leaf for place, leaf in enumerate(then)]

    for proof in (consistency_proof(now, earlier), consistency_proof(then, earlier)):
        assert not extends(earlier, root(then[:earlier]), size, root(now), proof)


def test_every_log_extends_the_empty_one_and_none_a_longer_one() -> None:
    tree = leaves(5)

    assert extends(0, EMPTY_ROOT, 5, root(tree), [])
    assert not extends(0, root(tree), 5, root(tree), [])
    assert not extends(6, root(leaves(6)), 5, root(tree), [])
    assert not extends(-1, EMPTY_ROOT, 5, root(tree), [])


def test_a_proof_about_what_is_not_there_cannot_be_asked_for() -> None:
    for wrong in (-1, 5):
        with pytest.raises(IndexError):
            inclusion_proof(leaves(5), wrong)
    for wrong in (0, 6):
        with pytest.raises(IndexError):
            consistency_proof(leaves(5), wrong)


def test_a_leaf_depends_on_its_salt_and_every_byte_of_its_entry() -> None:
    salt = bytes(16)

    made = {
        salted_leaf(salt, b"a"),
        salted_leaf(salt, b"b"),
        salted_leaf(bytes(17), b"a"),
        salted_leaf(b"\1" * 16, b"a"),
    }

    assert len(made) == 4
    assert salted_leaf(salt, b"\0a") != salted_leaf(bytes(17), b"a")
    with pytest.raises(ValueError, match="at least 16"):
        salted_leaf(b"short", b"a")
