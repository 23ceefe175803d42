//! What the schema files say and what their resolved schemas say is one: a full 2020-12 validator, which follows
//! `$dynamicRef` itself, gives both the same verdict on the same bodies.

use std::collections::BTreeMap;

use bedrock_tests::agreement::say;
use bedrock_tests::cases;
use bedrock_tests::corpus::Kind;

#[test]
fn source_and_resolved_schema_give_the_same_verdict() {
    let files = cases::files();
    let mut recorded: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (model, body) in cases::recorded() {
        recorded.entry(&model.file).or_default().push(body);
    }
    let counts = cases::each_model(|model| {
        let (mut accepted, mut refused, mut differ) = (0, 0, Vec::new());
        for kind in model.kinds() {
            let (source, resolved) = (cases::source(&files, model, kind), cases::resolved(model, kind));
            let sent = recorded.get(model.file.as_str()).filter(|_| kind == Kind::Request);
            for body in cases::bodies(model, kind).iter().chain(sent.into_iter().flatten()) {
                let verdicts = (source.is_valid(body), resolved.is_valid(body));
                match verdicts {
                    (true, true) => accepted += 1,
                    (false, false) => refused += 1,
                    (source, _) => {
                        let by = if source { "source" } else { "resolved" };
                        differ.push(format!(
                            "{} {}: only the {by} schema accepts {body}",
                            model.file,
                            kind.definition()
                        ));
                    }
                }
            }
        }
        (accepted, refused, differ)
    });
    let (mut accepted, mut refused, mut differ) = (0, 0, Vec::new());
    for (a, r, d) in counts {
        accepted += a;
        refused += r;
        differ.extend(d);
    }
    say(format!("source and resolved: {accepted} bodies accepted, {refused} refused, {} disagreements", differ.len()));
    assert!(accepted > 1000 && refused > 1000, "both verdicts occur");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
