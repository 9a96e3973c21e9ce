#!/bin/sh
# ``./suyuan check``: everything about the house that can be known without running it. Goes on after
# a failure, so that one run tells all of them. ``tools/check.sh lint types`` asks only these.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=""

ask() { # ask NAME COMMAND…
    name=$1
    shift
    case " $wanted " in *" $name "* | " all ") ;; *) return 0 ;; esac
    printf '%-13s' "$name"
    if answer=$("$@" 2>&1); then
        echo "fine"
    else
        echo "NOT fine"
        echo "$answer" | sed 's/^/    /'
        failed="$failed $name"
    fi
}

wanted=${*:-all}
ask lint $bin/ruff check .
ask format $bin/ruff format --check .
ask types $bin/mypy
ask contracts $bin/lint-imports
ask translations $bin/python -m pytest -q -p no:cacheprovider tests/house/test_translations.py tests/house/test_words.py
ask migrations env SUYUAN_TEST_DATABASES=sqlite $bin/python -m pytest -q -p no:cacheprovider tests/house/test_tables.py
ask papers $bin/python -m pytest -q -p no:cacheprovider tests/house/test_papers.py tests/house/test_settings.py

if [ -n "$failed" ]; then
    echo "Not fine:$failed"
    exit 1
fi
echo "The house is in order."
