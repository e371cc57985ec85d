"""The figures of a verification run."""

from __future__ import annotations

import pytest

pytest.importorskip("matplotlib")


def test_the_gallery_is_the_same_bytes_every_time(tmp_path, monkeypatch):
    from qtheory.plots import gallery

    monkeypatch.setattr(gallery, "SAMPLES", 20_000)
    first, second = (gallery.write_gallery(tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in first] == ["frontier.png", "rank_densities.png", "targeted_impact.png"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert one.read_bytes().startswith(b"\x89PNG")
