//! What a model answered is taken back: content generated from a reply schema is accepted as assistant content by the
//! same model's request.
//!
//! Every model with `x-turn` is asked, about replies as today's schema has them and about replies of tomorrow, with
//! members, tags and values that nobody knows yet. Each becomes the message that `From<Response>` makes of it, between
//! two messages of the user, in the smallest request that the model takes. That must fit the request schema, opened
//! where it says `x-echo` and nowhere else: there the typed request has an arm that takes the reply as it is, made from
//! a reply only, into which no check looks.
//!
//! Without echoes, many would not fit: replies are one set for all models of an API, so the schema of a model that does
//! not think has thinking in its replies and none in its requests. How many is printed, and why.

use std::collections::BTreeMap;

use bedrock_tests::agreement::say;
use bedrock_tests::cases::each_model;
use bedrock_tests::corpus::{Kind, Model};
use bedrock_tests::instances::{Generator, Random};
use bedrock_tests::judge::{Judge, Mistake, options};
use bedrock_tests::schema::Document;
use bedrock_tests::typed;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Replies made of either sort per model.
const REPLIES: usize = 200;

/// Turns of each sort that a model must have had, lest the law hold for nothing.
const TURNS: usize = 60;

/// Causes, each with the number of turns and one of them.
type Causes = BTreeMap<String, (usize, String)>;

/// What came of the replies of some models.
#[derive(Debug, Default)]
struct Tally {
    models: usize,
    today: usize,
    tomorrow: usize,
    /// Turns of today that need no echo.
    plain: usize,
    /// Why the others need one.
    echoed: Causes,
    refused: Causes,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.models += other.models;
        self.today += other.today;
        self.tomorrow += other.tomorrow;
        self.plain += other.plain;
        for (mine, more) in [(&mut self.echoed, other.echoed), (&mut self.refused, other.refused)] {
            for (cause, (count, example)) in more {
                mine.entry(cause).or_insert((0, example)).0 += count;
            }
        }
    }
}

fn note(causes: &mut Causes, cause: String, request: &Value) {
    causes.entry(cause).or_insert_with(|| (0, request.to_string().chars().take(700).collect())).0 += 1;
}

#[test]
fn what_a_model_answered_it_takes_back() {
    let mut apis: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut few = Vec::new();
    for (model, tally) in each_model(|model| Some((model, ask(model)?))).into_iter().flatten() {
        if tally.today < TURNS || tally.tomorrow < TURNS {
            few.push(format!("{}: {} and {} turns", model.file, tally.today, tally.tomorrow));
        }
        apis.entry(&model.api).or_default().add(tally);
    }
    let count = |causes: &Causes| causes.values().map(|(count, _)| count).sum::<usize>();
    say(format!(
        "{:<28} {:>6} {:>8} {:>12} {:>9} {:>8}",
        "API", "models", "today", "without echo", "tomorrow", "refused"
    ));
    for (api, Tally { models, today, tomorrow, plain, echoed, refused }) in &apis {
        say(format!("{api:<28} {models:>6} {today:>8} {plain:>12} {tomorrow:>9} {:>8}", count(refused)));
        echoed.iter().for_each(|(cause, (count, _))| say(format!("    {count:>6} {cause}")));
    }
    let refused: Vec<String> = apis
        .iter()
        .flat_map(|(api, tally)| tally.refused.iter().map(move |refused| (api, refused)))
        .map(|(api, (cause, (count, example)))| format!("{api}, {count} turns: {cause}\n    {example}"))
        .collect();
    assert!(!apis.is_empty(), "there are models with `x-turn`");
    assert!(few.is_empty(), "too few turns to say anything:\n{}", few.join("\n"));
    assert!(apis.values().all(|tally| tally.plain > 0), "some replies of every API need no echo");
    assert!(refused.is_empty(), "replies that their own model does not take back:\n{}", refused.join("\n"));
}

/// `None` for a model whose replies become no turn.
fn ask(model: &'static Model) -> Option<Tally> {
    let turn = &model.schema["$defs"]["Response"].get("x-turn")?;
    let judge = Judge::new(model);
    let typed = typed::find(model, Kind::Request).unwrap_or_else(|| panic!("{} has no types", model.file));
    let conversation = Conversation::of(model, &judge);
    let strict_reply = compile(model, &model.schema, "Response");
    let echoing_request = compile(model, &echoes(&model.schema), "Request");
    let mut tally = Tally { models: 1, ..Tally::default() };

    let turn_of = |reply: &Value| message(turn, reply).map(|message| conversation.with(message));
    let today = replies(model, false).filter(|reply| strict_reply.is_valid(reply));
    for request in today.filter_map(|reply| turn_of(&reply)) {
        tally.today += 1;
        let mistakes = judge.mistakes(Kind::Request, &request);
        if mistakes.is_empty() != typed(request.to_string().as_bytes()).is_ok() {
            note(&mut tally.refused, "the validator and the types differ".to_owned(), &request);
        }
        tally.plain += usize::from(mistakes.is_empty());
        for Mistake { pointer, rule, .. } in mistakes {
            note(&mut tally.echoed, format!("{rule} at {}", unnumbered(&pointer)), &request);
        }
        refuse(&echoing_request, &request, &mut tally.refused);
    }
    let tomorrow = replies(model, true).filter(|reply| judge.accepts(Kind::Response, reply));
    for request in tomorrow.filter_map(|reply| turn_of(&reply)) {
        tally.tomorrow += 1;
        refuse(&echoing_request, &request, &mut tally.refused);
    }
    Some(tally)
}

fn refuse(validator: &Validator, request: &Value, refused: &mut Causes) {
    for error in validator.iter_errors(request) {
        let at = unnumbered(error.instance_path().as_str());
        note(refused, format!("{} at {at}", error.kind().keyword()), request);
    }
}

/// Replies as the schema has them, or `open`: as they may be one day.
fn replies(model: &'static Model, open: bool) -> impl Iterator<Item = Value> {
    let random = Random::new(&format!("closure {} {open}", model.id));
    let mut generator = Generator::new(&model.schema, random, open);
    (0..REPLIES).map(move |_| generator.body("Response"))
}

/// The message that a reply becomes, as `x-turn` says; `None` where the reply has nothing to say.
fn message(turn: &Value, reply: &Value) -> Option<Value> {
    match &turn["from"] {
        Value::String(path) => reply.pointer(path).cloned(),
        from => {
            let set = turn["set"].as_object().cloned().unwrap_or_default();
            let members = from.as_object().into_iter().flatten().map(|(key, path)| {
                let part = reply.pointer(path.as_str().unwrap_or_default())?;
                // Without content there is nothing to send back.
                (part.as_array() != Some(&Vec::new())).then(|| (key.clone(), part.clone()))
            });
            let members: Map<String, Value> = members.collect::<Option<_>>()?;
            Some(Value::Object(set.into_iter().chain(members).collect()))
        }
    }
}

/// The smallest request that a model takes, and what a user says in it.
struct Conversation {
    request: Value,
    /// The member that holds the messages.
    list: String,
    user: Value,
}

impl Conversation {
    fn of(model: &'static Model, judge: &Judge) -> Self {
        let document = Document::new(&model.schema);
        let definition = document.definition("Request").unwrap_or(&Value::Null);
        let layers = document.plain_layers(definition);
        let members = || layers.iter().filter_map(|layer| layer.get("properties")?.as_object()).flatten();
        let required: Vec<&str> = layers
            .iter()
            .filter_map(|layer| layer.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let list = members().find(|(_, schema)| schema["x-role"] == "messages").map(|(key, _)| key.clone());
        let list = list.unwrap_or_else(|| panic!("{} has no messages", model.file));
        let users = [
            json!({ "role": "user", "content": "Hi" }),
            json!({ "role": "user", "content": [{ "text": "Hi" }] }),
            json!({ "role": "USER", "message": "Hi" }),
        ];
        let mut generator = Generator::new(&model.schema, Random::new(&format!("closure {}", model.id)), false);
        for _ in 0..500 {
            let Value::Object(mut request) = generator.body("Request") else { continue };
            request.retain(|key, _| required.contains(&key.as_str()));
            for user in &users {
                request.insert(list.clone(), json!([user]));
                let request = Value::Object(request.clone());
                if judge.accepts(Kind::Request, &request) {
                    return Self { request, list, user: user.clone() };
                }
            }
        }
        panic!("{} takes no request with a single message", model.file);
    }

    fn with(&self, message: Value) -> Value {
        let mut request = self.request.clone();
        request[&self.list] = json!([self.user, message, self.user]);
        request
    }
}

/// The schema with everything taken where a reply may stand as it is.
fn echoes(schema: &Value) -> Value {
    match schema {
        Value::Object(layer) if layer.contains_key("x-echo") => Value::Bool(true),
        Value::Object(layer) => layer.iter().map(|(key, value)| (key.clone(), echoes(value))).collect(),
        Value::Array(items) => items.iter().map(echoes).collect(),
        other => other.clone(),
    }
}

fn compile(model: &Model, schema: &Value, entry: &str) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/$defs/{entry}"),
        "$defs": schema["$defs"],
    });
    options().build(&schema).unwrap_or_else(|error| panic!("{} is no schema: {error}", model.file))
}

/// A pointer without its indices below the message, so that one cause has one text.
fn unnumbered(pointer: &str) -> String {
    let number = |segment: &&str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let segments = pointer.split('/').enumerate();
    let segments = segments.map(|(depth, segment)| if depth > 2 && number(&segment) { "#" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
