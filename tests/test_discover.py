"""Which files are checked: git's answer, the walk without git, exclusions, and odd things on disk."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from leaklint.config_load import Configurations
from leaklint.discover import MissingPathsError, discover, stdin_file
from leaklint.gitignore import ask_git


@pytest.fixture(params=["git", "walk"])
def tree(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, once as a git repository and once not."""
    root = tmp_path / "proj"
    root.mkdir()
    monkeypatch.chdir(root)
    if request.param == "git":
        git(root, "init", "-q")
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def found(*paths: str, force: bool = False) -> list[str]:
    return [file.display for file in discover(paths, Configurations(), force_exclude=force).files]


def test_python_files_in_order_and_nothing_else(tree):
    put(tree, "b.py", "a/z.pyi", "a/n.ipynb", "a/readme.md", "script", "A.py")
    assert found(".") == ["A.py", "a/n.ipynb", "a/z.pyi", "b.py"]
    assert found("b.py", "a", "a/z.pyi", "script", "./b.py") == ["a/n.ipynb", "a/z.pyi", "b.py", "script"]


def test_gitignore_is_heeded_the_nearest_file_first(tree):
    put(tree, "keep.py", "gen/a.py", "deep/gen.py", "deep/tmp/b.py", "deep/tmp/keep.py", "x_pb2.py", "deep/x_pb2.py")
    (tree / ".gitignore").write_text("/gen/\n*_pb2.py\n**/tmp/*\n")
    (tree / "deep/.gitignore").write_text("!x_pb2.py\n!tmp/keep.py\n")
    assert found(".") == ["deep/gen.py", "deep/tmp/keep.py", "deep/x_pb2.py", "keep.py"]
    assert found("deep") == ["deep/gen.py", "deep/tmp/keep.py", "deep/x_pb2.py"]


def test_an_ignored_folder_is_looked_at_when_somebody_names_it(tree):
    put(tree, "corpus/pkg/a.py", "corpus/pkg/skip.py")
    (tree / ".gitignore").write_text("corpus/\n")
    (tree / "corpus/pkg/.gitignore").write_text("skip.py\n")
    assert found(".") == []
    assert found("corpus/pkg") == ["corpus/pkg/a.py"]


def test_default_and_configured_excludes_hold_below_what_is_named(tree):
    put(tree, "a.py", "venv/b.py", "sub/node_modules/c.py", "sub/gen/d.py", "sub/e_gen.py", "gen/f.py")
    (tree / "leaklint.toml").write_text('extend-exclude = ["sub/gen", "*_gen.py"]')
    assert found(".") == ["a.py", "gen/f.py"]
    assert found("venv", "sub/e_gen.py", "sub/gen") == ["sub/e_gen.py", "sub/gen/d.py", "venv/b.py"]
    assert found("venv", "venv/b.py", "sub/e_gen.py", "sub/gen/d.py", "a.py", force=True) == ["a.py"]


def test_a_configuration_further_down_rules_its_own_folder(tree):
    put(tree, "a.py", "sub/a.py", "sub/b.py")
    (tree / "sub/leaklint.toml").write_text('exclude = ["a.py"]')
    assert found(".") == ["a.py", "sub/b.py"]
    settings = {file.display: file.settings.origin for file in discover(["."], Configurations()).files}
    assert settings == {"a.py": "", "sub/b.py": str(tree / "sub/leaklint.toml")}


def test_missing_paths_are_all_named(tree):
    put(tree, "a.py")
    (tree / "broken").symlink_to("nowhere")
    with pytest.raises(MissingPathsError) as caught:
        found("a.py", "nope", "broken", "also/not")
    assert caught.value.paths == ("nope", "broken", "also/not")


def test_a_folder_without_python_files_is_a_warning(tree):
    put(tree, "docs/readme.md")
    result = discover(["docs"], Configurations())
    assert (result.files, result.warnings) == ((), ("no Python files found under docs",))


def test_symbolic_links_neither_loop_nor_double(tree):
    put(tree, "real.py", "pkg/a.py")
    (tree / "pkg/loop").symlink_to(tree)
    (tree / "pkg/link.py").symlink_to(tree / "real.py")
    (tree / "pkg/self.py").symlink_to("self.py")
    (tree / "aa.py").symlink_to("real.py")
    assert found(".") == ["pkg/a.py", "real.py"]
    assert found("pkg") == ["pkg/a.py", "pkg/link.py"]


def test_a_pipe_that_is_called_like_a_module_is_left_alone(tree):
    put(tree, "a.py")
    os.mkfifo(tree / "pipe.py")
    assert found(".") == ["a.py"]


def test_files_outside_and_under_odd_names(tree):
    put(tree.parent, "out side.py")
    (tree / "new\nline.py").write_text("")
    Path(os.fsdecode(os.fsencode(tree) + b"/\xff.py")).write_text("")
    assert found(".", "../out side.py") == ["../out side.py", "\\udcff.py", "new\nline.py"]


def test_git_lists_what_is_new_and_not_what_is_gone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    put(tmp_path, "gone.py", "tracked.py", "sub/new.py")
    git(tmp_path, "add", "gone.py", "tracked.py")
    (tmp_path / "gone.py").unlink()
    assert found(".") == ["sub/new.py", "tracked.py"]
    assert found("sub") == ["sub/new.py"]


def test_a_repository_inside_a_repository_is_entered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    put(inner, "a.py", "b.py")
    (inner / ".gitignore").write_text("b.py\n")
    assert found(".") == ["inner/a.py"]


def test_a_repository_cannot_make_git_run_a_program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(program))
    put(tmp_path, "a.py")
    assert found(".") == ["a.py"]
    assert not (tmp_path / "ran").exists()


def test_the_environment_of_a_git_hook_does_not_mislead(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    put(tmp_path, "a.py")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert found(".") == ["a.py"]


def test_without_git_installed_the_walk_answers(tree, monkeypatch):
    put(tree, "a.py", "b.py")
    (tree / ".gitignore").write_text("b.py\n")
    monkeypatch.setenv("PATH", "")
    assert ask_git(str(tree), "version") is None
    assert found(".") == ["a.py"]


def test_a_virtual_environment_by_any_name_is_skipped(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "a.py", "myenv/pyvenv.cfg", "myenv/lib/b.py")
    assert found(".") == ["a.py"]


def test_standard_input_takes_the_settings_of_the_file_it_stands_for(tree):
    (tree / "sub").mkdir()
    (tree / "sub/leaklint.toml").write_text("jobs = 7")
    file = stdin_file("sub/x.py", b"x", Configurations())
    assert (file.display, file.source, file.settings.jobs) == ("sub/x.py", b"x", 7)
