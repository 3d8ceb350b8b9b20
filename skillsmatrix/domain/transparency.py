"""The Merkle tree of the certificate log: proofs that an entry is in it, and that it only ever grew.

Leaves and nodes are hashed as in RFC 6962, section 2.1, so that any other implementation can check the
proofs. A leaf is made from a salt and the certificate's canonical text: with the salt and the text erased the
leaf says nothing about anybody, and the tree still stands.
"""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()

_LEAF, _NODE = b"\x00", b"\x01"
_SALT_BYTES = 16


def salted_leaf(salt: bytes, content: bytes) -> bytes:
    """The leaf of one entry: a hash of 16 or more random bytes and the entry's canonical text."""
    if len(salt) < _SALT_BYTES:
        raise ValueError(f"a salt has at least {_SALT_BYTES} bytes")
    return leaf_hash(hashlib.sha256(len(salt).to_bytes(2, "big") + salt + content).digest())


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 leaf hash of an entry."""
    return hashlib.sha256(_LEAF + entry).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root of the tree over these leaf hashes in the order of the log; of none, the hash of nothing."""
    if not leaves:
        return EMPTY_ROOT
    # Whole pairs level by level, the odd one carried up: the same tree as the recursion of the RFC.
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root, lowest first; IndexError without it."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    path: list[bytes] = []
    level, place = list(leaves), index
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            path.append(level[beside])
        paired = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level, place = paired + level[len(paired) * 2 :], place // 2
    return path


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the proof shows that a tree of `size` leaves with this root has this leaf at `index`."""
    if not 0 <= index < size:
        return False
    place, last, found, rest = index, size - 1, leaf, list(proof)
    while last:
        if place % 2 or place != last:
            if not rest:
                return False
            beside = rest.pop(0)
            found = _node(beside, found) if place % 2 else _node(found, beside)
        place, last = place // 2, last // 2
    return not rest and found == root_hash


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """The hashes which show that the tree of the first `earlier` leaves is the beginning of the whole one."""
    if not 0 < earlier <= len(leaves):
        raise IndexError("no such earlier tree")
    return _consistency(leaves, earlier, whole=True)


def _consistency(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if earlier <= split:
        return [*_consistency(leaves[:split], earlier, whole=whole), root(leaves[split:])]
    return [*_consistency(leaves[split:], earlier - split, whole=False), root(leaves[:split])]


def extends(earlier: int, earlier_root: bytes, size: int, root_hash: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` leaves only adds to the tree of the first `earlier`.

    Equal sizes need equal roots and an empty proof. An empty earlier tree is the beginning of every tree.
    """
    if not 0 <= earlier <= size:
        return False
    if earlier == 0:
        return not proof and earlier_root == EMPTY_ROOT
    if earlier == size:
        return not proof and earlier_root == root_hash
    place, last, rest = earlier - 1, size - 1, list(proof)
    while place % 2:  # the subtrees that the earlier tree ends with, whole
        place, last = place // 2, last // 2
    if place == 0:
        old = new = earlier_root
    elif not rest:
        return False
    else:
        old = new = rest.pop(0)
    while last:
        if place % 2 or place != last:
            if not rest:
                return False
            beside = rest.pop(0)
            if place % 2:
                old, new = _node(beside, old), _node(beside, new)
            else:
                new = _node(new, beside)
        place, last = place // 2, last // 2
    return not rest and old == earlier_root and new == root_hash


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
