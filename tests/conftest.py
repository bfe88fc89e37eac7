"""What holds for all tests: Python looks seldom for cycles, as it does in the served studio."""

from curriculum_studio.collector import look_seldom

look_seldom()
