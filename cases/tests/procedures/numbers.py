"""The numbers of the rules that the four landlords' documents come to: ninety-one."""

COUNTS = {"K3": 20, "KF": 22, "LV": 14, "HH": 35}
RULES = tuple(
    f"{landlord}-{number}" for landlord, count in COUNTS.items() for number in range(1, count + 1)
)
