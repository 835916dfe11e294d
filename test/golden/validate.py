#!/usr/bin/env python3
"""validate SCHEMA REPORT... - each report against the schema, and no member that the schema does not know. TAP."""
import json
import sys


def strict(schema):
    """The same schema with nothing beside the members it names."""
    if isinstance(schema, dict):
        made = {key: strict(value) for key, value in schema.items()}
        if "properties" in made:
            made["additionalProperties"] = False
        return made
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


def main():
    reports = sys.argv[2:]
    print(f"1..{len(reports) + 1}")
    try:
        import jsonschema
    except ImportError:
        for number in range(1, len(reports) + 2):
            print(f"ok {number} - validate # SKIP python3-jsonschema is not installed")
        return 0
    with open(sys.argv[1], encoding="utf-8") as text:
        schema = json.load(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    print("ok 1 - the schema is one")
    validator = jsonschema.Draft202012Validator(strict(schema))
    failed = 0
    for number, path in enumerate(reports, 2):
        with open(path, encoding="utf-8") as text:
            errors = list(validator.iter_errors(json.load(text)))
        for error in errors[:10]:
            print(f"# {path}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
        failed += bool(errors)
        print(f"{'not ' if errors else ''}ok {number} - {path.split('/')[-2]} is valid")
    return failed != 0


sys.exit(main())
