"""The compiler agrees with all programs in TypeScript. It reads the types of the SDKs, which takes long, so it runs once."""

import json
import shutil
from pathlib import Path

from tools.commands.examples import EXAMPLES
from tools.engine.isolated_pulumi import run_command
from tools.engine.nodejs import ensure_node, ensure_npm_packages

from .conftest import TYPESCRIPT_PROGRAMS

SECONDS = 300.0
# A mistake that only somebody who reads the types of the provider can find.
WRONG = """import * as aws from "@pulumi/aws";
new aws.cloudtrail.Trail("audit", { s3BucketName: 1 });
"""


def test_the_types_of_all_programs(tmp_path: Path) -> None:
    programs = [*EXAMPLES.glob("*/typescript"), *TYPESCRIPT_PROGRAMS.iterdir()]
    assert len(programs) > 13
    (tmp_path / "node_modules").symlink_to(ensure_npm_packages())
    for program in programs:
        ignored = shutil.ignore_patterns("node_modules")
        shutil.copytree(program, tmp_path / f"{program.parent.name}-{program.name}", ignore=ignored)
    (tmp_path / "wrong.ts").write_text(WRONG)
    configuration = json.loads((EXAMPLES / "integrated" / "typescript" / "tsconfig.json").read_text())
    options = configuration["compilerOptions"] | {"noEmit": True, "skipLibCheck": True, "pretty": False}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["**/*.ts"]}))
    command = [str(ensure_node().folder / "node"), "node_modules/typescript/bin/tsc", "--project", "."]
    said = run_command(command, tmp_path, SECONDS, {}).stdout
    assert said == "wrong.ts(2,37): error TS2322: Type 'number' is not assignable to type 'Input<string>'.\n"
