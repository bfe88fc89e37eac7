"""What holds for all tests: Python looks seldom for cycles, as it does in the served studio, and no law fails because a machine is slow."""

from hypothesis import HealthCheck, settings

from curriculum_studio.collector import look_seldom

look_seldom()
settings.register_profile("studio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("studio")
