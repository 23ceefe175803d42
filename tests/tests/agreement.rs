//! The generated types and an independent validator give every body the same verdict, and what the types accept they
//! write back unchanged.

use bedrock_tests::agreement::{causes, examples, run, say};

/// Share of the bodies made to fit that must fit, in percent; below, the generator tests little but refusals.
const FITTING: usize = 60;

/// One API asks for exactly one of four members, which the generator often misses: 57 in 100 fit.
const FITTING_LESS: (&str, usize) = ("amazon/nova-multimodal-embeddings.json", 55);

#[test]
fn types_and_validator_agree() {
    let report = run();
    say(&report);
    let total = report.total();
    for (mistake, (made, refused)) in &total.mistakes {
        say(format!("{mistake:<28} {made:>7} made, {refused:>7} refused"));
    }
    say(format!("{} declared properties in no accepted body:", total.missing.len()));
    total.missing.iter().take(100).for_each(|missing| say(format!("    {missing}")));
    assert!(total.disagreements.is_empty(), "{}", causes(&total));
    for (api, tally) in &report.apis {
        assert!(tally.bodies() >= tally.models * 2000, "{api}: {} bodies for {} models", tally.bodies(), tally.models);
        let fitting = if api == FITTING_LESS.0 { FITTING_LESS.1 } else { FITTING };
        assert!(
            tally.made_accepted * 100 >= tally.made * fitting,
            "{api}: only {} of {} bodies that were made to fit do",
            tally.made_accepted,
            tally.made
        );
    }
    // Most mistakes matter; some do not: replies are open, and a member too many may be one that exists.
    assert!(
        total.broken_refused * 2 > total.broken,
        "{} of {} mistakes are refused",
        total.broken_refused,
        total.broken
    );
}

#[test]
fn every_example_in_the_schemas_is_accepted() {
    let (count, wrong) = examples();
    say(format!("examples: {count} judged, {} refused", wrong.len()));
    assert!(count > 0, "the schemas have examples");
    assert!(wrong.is_empty(), "examples that are refused:\n{}", wrong.join("\n"));
}
