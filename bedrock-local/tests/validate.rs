//! The linter: verdicts, findings, output in both formats, and exit statuses.
#![cfg(feature = "cli")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    ops::ControlFlow,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use bedrock_local::{
    catalog::Catalog,
    judge::Kind,
    validate::{Report, Typed, Validator, Verdict},
};
use serde_json::{Value, json};

const LLAMA: &str = "meta.llama3-8b-instruct-v1:0";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const TITAN_EMBED: &str = "amazon.titan-embed-text-v2:0";

fn claude() -> Value {
    json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": [{ "role": "user", "content": "Hi" }] })
}

fn record(model: &str, body: Value) -> String {
    json!({ "model_id": model, "body": body }).to_string()
}

/// A file for one test, with this text.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("validate");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedrock-local"));
    command.arg("validate").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the linter over a text on standard input: exit status, standard output, standard error.
fn lint(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = program(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        // A program that refuses its arguments does not read.
        let _ = stdin.write_all(input.as_bytes());
    });
    let done = said(&child.wait_with_output().unwrap());
    writer.join().unwrap();
    done
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn validator() -> Validator {
    Validator::new().unwrap()
}

#[test]
fn text_has_a_line_for_each_finding_and_nothing_else() {
    let mut exclusive = claude();
    exclusive["temperature"] = json!(0.5);
    exclusive["top_p"] = json!(0.5);
    let input = [
        record(LLAMA, json!({ "prompt": "Hi" })),
        record(&format!("us.{LLAMA}"), json!({ "promt": "Hi", "max_gen_len": 9000 })),
        String::new(),
        record(HAIKU, exclusive),
        record("acme.none-v1:0", json!({})),
    ]
    .join("\n");
    let (status, out, err) = lint(&[], &input);
    assert_eq!(
        out,
        "<stdin>:2: us.meta.llama3-8b-instruct-v1:0: the body: `prompt` is required [required]\n\
         <stdin>:2: us.meta.llama3-8b-instruct-v1:0: /promt: this model takes no `promt` here; did you mean `prompt`? \
         It takes `amazon-bedrock-guardrailConfig`, `max_gen_len`, `prompt`, `temperature` and `top_p` [additionalProperties]\n\
         <stdin>:2: us.meta.llama3-8b-instruct-v1:0: /max_gen_len: must be at most 8192, found 9000 [maximum]\n\
         <stdin>:4: anthropic.claude-haiku-4-5-20251001-v1:0: the body: `temperature` and `top_p` exclude each other: give one of them [not]\n\
         <stdin>:5: acme.none-v1:0: no model has this ID; `bedrock-local models` lists those that are known [model]\n"
    );
    assert_eq!(err, "4 records: 1 accepted, 2 refused, 1 unknown\n");
    assert_eq!(status, 1);
}

#[test]
fn json_has_an_object_for_each_record() {
    let input = [
        record(LLAMA, json!({ "prompt": "Hi", "max_gen_len": 100.0 })),
        record(LLAMA, json!({ "prompt": "Hi", "max_gen_len": 9000 })),
        record("acme.none-v1:0", json!({})),
    ]
    .join("\n");
    let path = file("records.jsonl", &input);
    let (status, out, _) = said(&program(&["--format", "json", path.to_str().unwrap()]).output().unwrap());
    assert_eq!(status, 1);
    let file = path.to_str().unwrap();
    assert_eq!(
        json_lines(&out),
        [
            json!({ "file": file, "line": 1, "column": null, "model": LLAMA, "kind": "request", "verdict": "accepted",
                "findings": [], "typed": "same", "bug": null }),
            json!({ "file": file, "line": 2, "column": null, "model": LLAMA, "kind": "request", "verdict": "refused",
                "findings": [{ "pointer": "/max_gen_len", "rule": "maximum", "message": "must be at most 8192, found 9000", "allowed": 8192 }],
                "typed": "refused", "bug": null }),
            json!({ "file": file, "line": 3, "column": null, "model": "acme.none-v1:0", "kind": "request", "verdict": "unknown_model",
                "findings": [{ "pointer": "", "rule": "model",
                    "message": "no model has this ID; `bedrock-local models` lists those that are known", "allowed": null }],
                "typed": "none", "bug": null }),
        ]
    );
}

#[test]
fn the_exit_status_tells_clean_from_wrong_from_unreadable() {
    let good = record(LLAMA, json!({ "prompt": "Hi" }));
    let bad = record(LLAMA, json!({}));
    let (clean, wrong) = (file("clean.jsonl", &good), file("wrong.jsonl", &bad));
    let (clean, wrong) = (clean.to_str().unwrap(), wrong.to_str().unwrap());
    let missing = "no/such/file.jsonl";
    let status = |arguments: &[&str]| said(&program(arguments).output().unwrap()).0;
    assert_eq!(status(&[clean]), 0);
    assert_eq!(status(&[clean, wrong]), 1);
    assert_eq!(status(&[]), 0, "nothing is not wrong");
    for arguments in [
        &[missing][..],
        &[missing, clean],
        &["--no-such-flag"],
        &["--kind", "response", clean],
        &["--model", LLAMA, "--kind", "reply", clean],
        &["--format", "xml", clean],
        &["--models", missing, clean],
        &[env!("CARGO_TARGET_TMPDIR")],
    ] {
        assert_eq!(status(arguments), 2, "{arguments:?}");
    }
    let (status, out, err) = said(&program(&[missing, wrong]).output().unwrap());
    assert_eq!(status, 2);
    assert!(out.contains("`prompt` is required"), "the other files are judged: {out}");
    assert!(err.starts_with("error: no/such/file.jsonl cannot be read: "), "{err}");
}

#[test]
fn standard_input_is_a_dash_or_nothing() {
    let bad = record(LLAMA, json!({}));
    let line = "<stdin>:1: meta.llama3-8b-instruct-v1:0: the body: `prompt` is required [required]\n";
    assert_eq!(lint(&[], &bad).1, line);
    assert_eq!(lint(&["-"], &bad).1, line);
    assert_eq!(lint(&["--model", LLAMA], "{}").1, line);
    assert_eq!(lint(&["--model", LLAMA, "-"], "{}").1, line);
}

#[test]
fn a_line_that_cannot_be_read_does_not_stop_the_others() {
    let input = format!(
        "{}\n{{\"model_id\": x\n{{\"body\": {{}}}}\n[\"m\", \"request\", 1]\n{{\"model_id\": \"m\", \"model_id\": \"m\", \"body\": 1}}\n{}\r\n",
        record(LLAMA, json!({ "prompt": "Hi" })),
        record(LLAMA, json!({})),
    );
    let (status, out, err) = lint(&[], &input);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 5, "{out}");
    assert!(lines[0].starts_with("<stdin>:2:14: expected value [json]"), "{out}");
    assert!(lines[1].starts_with("<stdin>:3:12: missing field `model_id`: a record is {\"model_id\": "), "{out}");
    assert!(lines[2].starts_with("<stdin>:4:1: expected an object: a record is {"), "{out}");
    assert!(lines[3].contains("`model_id`"), "{out}");
    assert!(lines[4].starts_with("<stdin>:6: meta.llama3-8b-instruct-v1:0: the body: "), "{out}");
    assert_eq!(err, "6 records: 1 accepted, 1 refused, 0 unknown, 4 unreadable\n");
    assert_eq!(status, 2);
    let (_, out, _) = lint(&["--format", "json"], "{\"model_id\": \"m\",\n");
    let report = &json_lines(&out)[0];
    assert_eq!(report["verdict"], "unreadable");
    assert_eq!(
        (&report["line"], &report["model"], &report["findings"][0]["rule"]),
        (&json!(1), &Value::Null, &json!("json"))
    );
    assert!(report["column"].is_u64());
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let report = validator().validate_text(LLAMA, Kind::Request, b"{\"prompt\": \"a\",\n \"prompt\": \"b\"}");
    assert_eq!((report.verdict, report.line), (Verdict::Unreadable, 2));
    assert_eq!(report.findings[0].message, "the key `prompt` stands twice in one object");
}

#[test]
fn one_body_may_stand_on_many_lines() {
    let body = serde_json::to_string_pretty(&claude()).unwrap();
    let path = file("body.json", &body);
    let path = path.to_str().unwrap();
    assert_eq!(said(&program(&["--model", HAIKU, path]).output().unwrap()).0, 0);
    let (status, out, _) = said(&program(&["--model", LLAMA, path]).output().unwrap());
    assert_eq!(status, 1);
    assert!(out.contains(": /messages: this model takes no `messages` here"), "{out}");

    let (status, out, _) = lint(&["--model", LLAMA], "{\n  \"prompt\": \"Hi\",\n}");
    assert_eq!(status, 2);
    assert!(out.starts_with("<stdin>:3:1: "), "{out}");
    let (status, out, _) = lint(&["--model", LLAMA], "{\"prompt\": \"a\"}\n{\"prompt\": \"b\"}\n");
    assert_eq!(status, 2);
    assert!(
        out.contains(":2:1: meta.llama3-8b-instruct-v1:0: trailing characters: with --model a file is one body"),
        "{out}"
    );
    // As Windows editors write it.
    assert_eq!(lint(&["--model", LLAMA], "\u{feff}{\"prompt\": \"Hi\"}\r\n").0, 0);
}

#[test]
fn a_model_is_known_by_its_profiles_and_arns() {
    let validator = validator();
    let verdict = |id: &str| validator.validate(id, Kind::Request, &claude()).verdict;
    for id in [
        HAIKU,
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ] {
        assert_eq!(verdict(id), Verdict::Accepted, "{id}");
    }
    let said = |id: &str| {
        let report = validator.validate(id, Kind::Request, &claude());
        assert_eq!((report.verdict, report.typed), (Verdict::UnknownModel, Typed::None));
        report.findings[0].message.clone()
    };
    let alias = said("anthropic.claude-haiku-4-5");
    assert!(alias.starts_with("the model is known, but not its bodies: ") && alias.contains(HAIKU), "{alias}");
    assert_eq!(
        said("us.anthropic.claude-haiku-4-5-20251010-v1:0"),
        format!("no model has this ID; did you mean `{HAIKU}`?")
    );
    assert!(!said("openai.gpt-4o").contains("did you mean"), "another model is no misspelling");
    assert!(!said("anthropic.").contains("did you mean"));
    assert!(!said("").contains("did you mean"));

    let arn = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1";
    assert!(said(arn).contains("--bind-arn"));
    let line = record(arn, claude());
    assert_eq!(lint(&[], &line).0, 1);
    assert_eq!(lint(&["--bind-arn", &format!("{arn}={HAIKU}")], &line).0, 0);
}

#[test]
fn replies_and_events_are_read_openly() {
    let validator = validator();
    let reply = |body: Value| validator.validate(LLAMA, Kind::Response, &body);
    let new = reply(
        json!({ "generation": "Hi", "prompt_token_count": 1, "generation_token_count": 1, "stop_reason": "tired", "new": 1 }),
    );
    assert_eq!((new.verdict, new.bug), (Verdict::Accepted, None));
    let wrong =
        reply(json!({ "generation": 5, "prompt_token_count": 1, "generation_token_count": 1, "stop_reason": "stop" }));
    assert_eq!((wrong.verdict, wrong.typed), (Verdict::Refused, Typed::Refused));
    assert_eq!((wrong.findings[0].pointer.as_str(), wrong.findings[0].rule.as_str()), ("/generation", "type"));
    assert_eq!(wrong.findings[0].allowed, json!(["string"]));

    let event = json!({ "model_id": HAIKU, "kind": "stream_event", "body": { "type": "brand_new" } }).to_string();
    assert_eq!(lint(&[], &event).0, 0);
    let event = event.replace("{\"type\":\"brand_new\"}", "5");
    let (status, out, _) = lint(&["--format", "json"], &event);
    assert_eq!((status, &json_lines(&out)[0]["kind"]), (0, &json!("stream_event")), "a union takes anything: {out}");
    let (status, out, _) = lint(&["--model", LLAMA, "--kind", "response"], "{}");
    assert_eq!(status, 1);
    assert!(out.starts_with("<stdin>:1: meta.llama3-8b-instruct-v1:0 (response): the body: `"), "{out}");
}

#[test]
fn a_model_without_bodies_of_a_kind_says_so() {
    let report = validator().validate(TITAN_EMBED, Kind::StreamEvent, &json!({}));
    assert_eq!((report.verdict, report.typed), (Verdict::Refused, Typed::None));
    assert_eq!(report.findings[0].rule, "kind");
    assert_eq!(report.findings[0].allowed, json!(["request", "response"]));
    assert_eq!(
        report.to_string(),
        format!("1: {TITAN_EMBED} (stream_event): the model has no `StreamEvent`: it does not stream [kind]")
    );
}

#[test]
fn a_model_of_which_only_facts_are_known_is_unknown_and_says_why() {
    let catalog = Catalog::from_jsonl(r#"{"x-model": {"id": "acme.facts"}}"#).unwrap();
    let report = Validator::with_catalog(catalog).validate("acme.facts", Kind::Request, &json!({}));
    assert_eq!(report.verdict, Verdict::UnknownModel);
    assert_eq!(report.findings[0].message, "the model is known, but there is no schema of its bodies yet");
}

#[test]
fn a_schema_of_ones_own_is_judged_without_types() {
    let schema = json!({ "x-model": { "id": LLAMA }, "x-shape": "mine.json", "$defs": {
        "Request": { "type": "object", "required": ["question"] } } });
    let path = file("own-models.jsonl", &schema.to_string());
    let models = ["--models", path.to_str().unwrap(), "--format", "json"];
    let (status, out, _) = lint(&models, &record(LLAMA, json!({ "question": "Why?" })));
    assert_eq!((status, &json_lines(&out)[0]["typed"]), (0, &json!("none")), "{out}");
}

#[test]
fn what_is_allowed_is_json() {
    let allowed = |model: &str, body: Value| {
        let report = validator().validate(model, Kind::Request, &body);
        report.findings.into_iter().map(|finding| (finding.rule, finding.allowed)).collect::<Vec<_>>()
    };
    let mut body = claude();
    body["thinking"] = json!({ "type": "enabled", "budget_tokens": 2000 });
    assert_eq!(allowed(HAIKU, body), [("less-than".into(), json!(100))]);
    let mut body = claude();
    body["messages"][0]["content"] = json!([{ "type": "txt" }]);
    let found = allowed(HAIKU, body);
    assert_eq!(found[0].0, "enum");
    assert!(found[0].1.as_array().unwrap().contains(&json!("text")));
    assert_eq!(
        allowed(LLAMA, json!({ "prompt": 5, "temperature": 2 })),
        [("type".into(), json!(["string"])), ("maximum".into(), json!(1))]
    );
    assert_eq!(
        allowed(TITAN_EMBED, json!({ "inputText": "a", "dimensions": 300 })),
        [("enum".into(), json!([256, 512, 1024]))]
    );
}

#[test]
fn text_of_others_stays_text() {
    let (_, out, _) = lint(&[], &record(LLAMA, json!({ "prompt": "a", "\u{1b}[31m\nb": 1 })));
    assert_eq!(out.lines().count(), 1);
    assert!(out.contains(r"/\u{1b}[31m\nb: this model takes no `\u{1b}[31m\nb` here"), "{out}");
    let (_, out, _) = lint(&[], &record("acme\u{7}", json!({})));
    assert!(out.contains(r"acme\u{7}: "), "{out}");
}

#[test]
fn a_reader_that_has_read_enough_gets_no_complaint() {
    let bad = record(LLAMA, json!({})) + "\n";
    let path = file("many.jsonl", &bad.repeat(50_000));
    let mut child = program(&[path.to_str().unwrap()]).spawn().unwrap();
    let mut start = [0; 7];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut start).unwrap();
    drop(out);
    let (status, _, err) = said(&child.wait_with_output().unwrap());
    assert_eq!((status, err.as_str()), (1, ""));
}

#[test]
fn whoever_waits_for_an_answer_gets_it() {
    let mut child = program(&["--format", "json"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (send, answers) = mpsc::channel();
    thread::spawn(move || BufReader::new(out).lines().try_for_each(|line| send.send(line.unwrap())));
    for prompt in [json!("a"), json!(5)] {
        writeln!(stdin, "{}", record(LLAMA, json!({ "prompt": prompt }))).unwrap();
        let answer = answers.recv_timeout(Duration::from_secs(60)).expect("an answer before the input has ended");
        let accepted = serde_json::from_str::<Value>(&answer).unwrap()["verdict"] == "accepted";
        assert_eq!(accepted, prompt.is_string());
    }
    drop(stdin);
    assert_eq!(said(&child.wait_with_output().unwrap()).0, 1);
}

/// Gives one byte, or another small number of them, at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.1.min(buffer.len());
        self.0.read(&mut buffer[..size])
    }
}

#[test]
fn lines_come_in_order_however_they_are_read() {
    let validator = validator();
    let text: String = (0..3000)
        .map(|index| match index % 4 {
            0 => record(LLAMA, json!({ "prompt": "a" })) + "\n",
            1 => record(LLAMA, json!({ "prompt": "a", "max_gen_len": 10_000 + index })) + "\r\n",
            2 => "\n".to_owned(),
            _ => "{\n".to_owned(),
        })
        .collect();
    let read = |input: &mut dyn Read| {
        let mut reports: Vec<Report> = Vec::new();
        let done = validator.validate_lines(input, |report| {
            reports.push(report);
            ControlFlow::Continue(())
        });
        done.unwrap();
        reports
    };
    let whole = read(&mut text.as_bytes());
    assert_eq!(whole.len(), 2250);
    let lines: Vec<u64> = whole.iter().map(|report| report.line).collect();
    assert_eq!(lines, (1..=3000).filter(|line| line % 4 != 3).collect::<Vec<u64>>());
    assert_eq!(whole[1].findings[0].message, "must be at most 8192, found 10001");
    assert_eq!(read(&mut Slow(text.as_bytes(), 1)), whole);
    assert_eq!(read(&mut Slow(text.as_bytes(), 1000)), whole);

    let mut few = Vec::new();
    let stopped = validator.validate_lines(text.as_bytes(), |report| {
        few.push(report);
        if few.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    stopped.unwrap();
    assert_eq!(few, whole[..3]);
}
