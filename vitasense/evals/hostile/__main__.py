"""`python -m vitasense.evals.hostile [ATTEMPTS] [SEED]`: a longer attack than the suite leaks, by default ten thousand."""

import asyncio
import json
import sys
from dataclasses import asdict

from vitasense.evals.hostile.attack import attack
from vitasense.evals.hostile.watch import Result

ATTEMPTS, SEED = 10_000, 20261128


def main() -> int:
    """Write what the adversary did and every breach as JSON; 1 when there is one."""
    given = [int(each) for each in sys.argv[1:]]
    attempts, seed = (*given, *(ATTEMPTS, SEED)[len(given) :])
    result = asyncio.run(attack(attempts, seed))
    sys.stdout.write(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n")
    return 0 if result == Result(result.calls, result.replies, result.turns, result.delivered) else 1


if __name__ == "__main__":
    sys.exit(main())
