//! The generated types and an independent validator give every body the same verdict.

use bedrock_tests::agreement::{causes, run, say};

#[test]
fn types_and_validator_agree() {
    let report = run();
    say(&report);
    let total = report.total();
    for m in &total.mistakes {
        say(format!("{m:?}"));
    }
    for m in total.missing.iter().take(400) {
        say(m);
    }
    say(causes(&total));
}
