//! The reduced matrix: a model of every API, one or two wrong calls of every kind. `cargo xtask matrix` does all of it.

use bedrock_tests::agreement::say;
use bedrock_tests::corpus;
use bedrock_tests::matrix::{Options, run};

#[test]
fn wrong_parameters_do_not_compile_and_valid_ones_do() {
    let mut apis: Vec<&str> = corpus::models().iter().map(|model| model.api.as_str()).collect();
    apis.sort_unstable();
    apis.dedup();
    let options = Options { models: Some(apis.len()), wrong: 2, valid: 3, ..Options::default() };
    let report = run(&options).expect("rustc can be run");
    say(&report);
    assert!(report.untyped.is_empty(), "run `cargo xtask regen`: there are no types of {:?}", report.untyped);
    let total = report.total();
    // Small APIs have room for few mistakes; fewer calls would say that the generator makes none.
    assert!(total.tried >= apis.len() * 15, "only {} wrong calls", total.tried);
    assert!(total.valid >= apis.len() * 2, "only {} valid calls", total.valid);
    assert_eq!(total.missed(), 0, "{}", report.failed("missed"));
    assert_eq!(total.false_alarms, 0, "{}", report.failed("false alarm"));
    assert_eq!(
        total.refused,
        total.tried,
        "{}\n{}",
        report.failed("accepted at run time"),
        report.failed("no path at run time")
    );
    let strings = report.failed("inexact as one string");
    assert!(total.string * 100 >= total.tried * 98, "{strings}");
    assert!(total.exact * 100 >= total.tried * 98, "{}", report.failed("inexact"));
    // The kinds that every API has room for.
    assert!(report.kinds.len() >= 15, "kinds of mistakes that were made: {:?}", report.kinds.keys());
}
