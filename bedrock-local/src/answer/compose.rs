//! Writes the answer itself: a few sentences, a tool call, or JSON; as long as the request allows.

use serde_json::Value;

use super::{
    Call,
    ask::{Ask, tokens},
    instance,
    seed::Seed,
};

/// An answer before it takes the form of an API.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub reasoning: Option<String>,
    /// May be empty: with a tool call, or when reasoning took all that was allowed.
    pub text: String,
    pub tool: Option<ToolCall>,
    pub stop: Stop,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: Value,
}

/// Why the answer ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stop {
    End,
    Length,
    /// At one of the request's own sequences.
    Sequence(String),
    Tool,
}

impl Draft {
    /// Tokens of all that was generated.
    pub fn tokens(&self) -> u64 {
        let tool =
            self.tool.as_ref().map_or(0, |tool| tool.name.chars().count() + tool.arguments.to_string().chars().count());
        let reasoning = self.reasoning.as_ref().map_or(0, |text| text.chars().count());
        tokens(reasoning + self.text.chars().count() + tool)
    }

    /// The text in the pieces in which a stream brings it. Together they are the text.
    pub fn pieces(&self) -> Vec<&str> {
        pieces(&self.text)
    }
}

/// Cuts a text after every third space.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    const WORDS: usize = 3;
    let cuts = text.match_indices(' ').map(|(at, _)| at).skip(WORDS - 1).step_by(WORDS);
    let mut pieces = Vec::new();
    let mut start = 0;
    for cut in cuts {
        pieces.push(&text[start..cut]);
        start = cut;
    }
    pieces.push(&text[start..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Answers what is asked.
pub(super) fn compose(call: &Call<'_>, ask: &Ask) -> Draft {
    let mut seed = call.seed.clone();
    let reasoning = ask.reasoning.then(|| thoughts(&ask.prompt));
    let mut draft = match &ask.tool {
        Some(tool) => Draft {
            reasoning,
            text: String::new(),
            tool: Some(ToolCall {
                id: call.seed.id("tool", 22),
                name: tool.name.clone(),
                arguments: instance::arguments(&tool.schema),
            }),
            stop: Stop::Tool,
        },
        None => {
            let text = match &ask.schema {
                Some(schema) => instance::of_foreign(schema).to_string(),
                None => sentences(call.model.title(), &ask.prompt, &mut seed),
            };
            Draft { reasoning, text, tool: None, stop: Stop::End }
        }
    };
    shorten(&mut draft, ask);
    draft
}

/// Ends the text where a stop sequence stands or the limit is reached, whichever comes first.
fn shorten(draft: &mut Draft, ask: &Ask) {
    let stops = ask.stops.iter().filter(|stop| !stop.is_empty());
    if let Some((at, stop)) = stops.filter_map(|stop| Some((draft.text.find(stop.as_str())?, stop))).min() {
        draft.text.truncate(at);
        draft.stop = Stop::Sequence(stop.clone());
    }
    let Some(limit) = ask.max_tokens.map(|limit| usize::try_from(limit.saturating_mul(4)).unwrap_or(usize::MAX)) else {
        return;
    };
    let mut left = limit;
    if let Some(reasoning) = &mut draft.reasoning {
        left -= cut(reasoning, left, &mut draft.stop);
    }
    // A call cut short is no call: tools are left whole, as a believable limit leaves room for one.
    if draft.tool.is_none() {
        cut(&mut draft.text, left, &mut draft.stop);
    }
}

/// Cuts a text to so many characters and says how many it has then.
fn cut(text: &mut String, limit: usize, stop: &mut Stop) -> usize {
    if let Some((end, _)) = text.char_indices().nth(limit) {
        text.truncate(end);
        *stop = Stop::Length;
        return limit;
    }
    text.chars().count()
}

fn thoughts(prompt: &str) -> String {
    format!("The user says \"{}\". A short answer will do.", opening(prompt))
}

fn sentences(title: &str, prompt: &str, seed: &mut Seed) -> String {
    const CLOSINGS: [&str; 4] = [
        "Ask the same again and the answer will be the same, word for word.",
        "No model was called for it, and nothing was billed.",
        "It was written on this machine, from your request alone.",
        "A real model would know more about it and say less the same each time.",
    ];
    let first = match prompt.is_empty() {
        true => String::from("You asked nothing in words."),
        false => format!("You asked: \"{}\"", opening(prompt)),
    };
    format!("{first} This answer comes from a local stand-in for {title}. {}", seed.pick(&CLOSINGS))
}

/// The beginning of a text, on one line.
fn opening(text: &str) -> String {
    const SHOWN: usize = 120;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Draft, Stop, pieces, shorten};

    fn draft(text: &str) -> Draft {
        Draft { reasoning: None, text: text.into(), tool: None, stop: Stop::End }
    }

    #[test]
    fn pieces_make_the_text() {
        for text in ["", "a", " a  b c d e f g ", "one two three four five six seven"] {
            assert_eq!(pieces(text).concat(), text);
        }
        assert_eq!(pieces("one two three four five").len(), 2);
    }

    #[test]
    fn limits_and_stops_end_the_text() {
        let mut long = draft("äbcdefghij");
        shorten(&mut long, &Ask { max_tokens: Some(2), ..Ask::default() });
        assert_eq!((long.text.as_str(), long.stop, long.reasoning), ("äbcdefgh", Stop::Length, None));
        let mut stopped = draft("one two three");
        let stops = vec!["three".to_owned(), "two".to_owned(), String::new()];
        shorten(&mut stopped, &Ask { stops, max_tokens: Some(100), ..Ask::default() });
        assert_eq!((stopped.text.as_str(), stopped.stop), ("one ", Stop::Sequence("two".into())));
        let mut thinking = Draft { reasoning: Some("abcdefgh".into()), ..draft("text") };
        shorten(&mut thinking, &Ask { max_tokens: Some(1), ..Ask::default() });
        assert_eq!((thinking.reasoning.as_deref(), thinking.text.as_str()), (Some("abcd"), ""));
    }
}
