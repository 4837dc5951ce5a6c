"""Any value that a property may have, as the engine sends it: JSON, unknowns, secrets, assets, archives, huge and deep ones.

Facts copied from the engine's source (`sdk/go/common/resource/plugin`, CLI 3.259): it keeps unknowns and secrets, and
sends resource references and output values as what they hold, so their signatures never reach a pack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from pulumi_policy import proxy

from tests.repeatable import CHARACTERS
from tests.stacks import ACCOUNT, LOG_GROUP_ARN, ROLE_ARN, TRUST_POLICY

SENTINELS = [value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")]
# What no message may show, whatever property it is in.
SECRET = "hunter2"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
_ASSET, _ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"
_DEEPEST, _DEEP, _HUGE = 60, 20, 20_000

_TEXTS = (
    *(SECRET, f"Bearer {SECRET}", f"{SECRET}\n\x1b[31m", f"arn:{SECRET}", f"role/{SECRET}", f"{{{SECRET}}}"),
    *(TRUST_POLICY, LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*", ROLE_ARN, "us-east-1", ACCOUNT, f'["{ACCOUNT}"]'),
    *("cloudtrail.amazonaws.com", "logs:PutLogEvents", "logs:*", "*", "DELIVERY", "true", "{", "[", "[[[", "null", ""),
    *("\U0001f600", "\u202e", "\x00", " ", "\ue000\ue001", "%7B%22Statement%22%3A%5B%5D%7D", "${aws:username}"),
)


def asset_of(text: str) -> dict[str, str]:
    """An asset, as it is sent."""
    return {_SIGNATURE: _ASSET, "text": text}


def archive_of(text: str) -> dict[str, Any]:
    """An archive with one asset, as it is sent."""
    return {_SIGNATURE: _ARCHIVE, "assets": {"file": asset_of(text)}}


def secret_of(value: Any) -> dict[str, Any]:
    """A secret, as it is sent."""
    return {_SIGNATURE: _SECRET_SIGNATURE, "value": value}


def deep(depth: int, in_lists: bool) -> Any:
    """A text within so many lists or objects."""
    value: Any = SECRET
    for _ in range(depth):
        value = [value] if in_lists else {"Statement": value}
    return value


def statements(count: int) -> dict[str, Any]:
    """A policy document of so many statements."""
    return {"Statement": [{"Effect": "Allow", "Action": f"a{number}:*", "Resource": "*"} for number in range(count)]}


_texts = st.sampled_from(_TEXTS) | st.text(CHARACTERS, max_size=30)
_huge: st.SearchStrategy[Any] = st.one_of(
    st.integers(1, _HUGE).map(lambda count: SECRET * (count // 7 + 1)),
    st.integers(1, _HUGE).map(lambda count: f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{'*?' * count}"),
    st.integers(1, 300).map(lambda count: [f"{ROLE_ARN}{number}" for number in range(count)]),
    st.integers(1, 300).map(statements),
    st.builds(deep, st.integers(1, _DEEPEST), st.booleans()),
    st.integers(1, 100_000).map(lambda depth: "[" * depth),
)
_scalars: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
    | _texts | st.sampled_from(SENTINELS) | _texts.map(asset_of) | _texts.map(archive_of)
)  # fmt: skip
_keys = st.text(CHARACTERS, max_size=8) | st.sampled_from(
    (
        "Statement",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "Principal",
        "Service",
        "Condition",
        "Version",
        "__target",
    )
)
_structures = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3) | inner.map(secret_of),
    max_leaves=4,
)
# Most are small: the huge ones take most of the time.
values: st.SearchStrategy[Any] = st.one_of(
    _structures,
    _structures,
    _structures.map(lambda value: json.dumps(value)),
    _huge | _huge.map(secret_of),
)


def kinds_in(value: Any) -> Iterator[str]:
    """What kinds of unusual values are somewhere in a value."""
    text = json.dumps(value)
    if any(sentinel in text for sentinel in SENTINELS):
        yield "with unknowns"
    if _SECRET_SIGNATURE in text:
        yield "with secrets"
    if _ASSET in text:
        yield "with assets or archives"
    if len(text) > _HUGE:
        yield f"of more than {_HUGE:,} characters"
    if _depth(value) > _DEEP:
        yield f"more than {_DEEP} levels deep"


def _depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, children), default=0)
