"""`python -m curriculum_studio`: the same as the command."""

from curriculum_studio.cli import main

main(prog_name="curriculum-studio")
