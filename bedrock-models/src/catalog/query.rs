//! Questions to the catalogue that read like sentences.

use std::cmp::Reverse;
use std::iter::{self, FusedIterator};

use super::{Confidence, Date, Decimal, MODELS, Modality, ModelInfo, Operation, Status};

/// Every model of the catalogue, to be narrowed and sorted.
///
/// ```
/// use bedrock_models::catalog::{self, Decimal};
///
/// let cheapest = catalog::models()
///     .that_see_images()
///     .that_call_tools()
///     .that_stream()
///     .with_output_price_at_most(Decimal::new(150, 2))
///     .cheapest_output_first()
///     .next();
/// if let Some(model) = cheapest {
///     println!("{}, {model}", model.name);
/// }
/// ```
pub fn models() -> Models<impl Iterator<Item = &'static ModelInfo> + Clone> {
    Models(MODELS.iter().copied())
}

/// Models, as an iterator that can be narrowed and sorted; made with [`models`] or [`Models::of`].
///
/// Nothing is looked at before the first model is asked for. A fact that is not known never counts as a yes: a model
/// whose price is not known is not among those that cost at most something, and comes last among those sorted by it.
/// Prices are those quoted for [`Price::quoted_id`](super::Price::quoted_id), on demand and for requests that are not long.
#[derive(Clone, Debug)]
#[must_use = "models are found when they are iterated over"]
pub struct Models<I>(I);

impl<I: Iterator> Iterator for Models<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }

    fn fold<B, F: FnMut(B, I::Item) -> B>(self, init: B, f: F) -> B {
        self.0.fold(init, f)
    }
}

impl<I: FusedIterator> FusedIterator for Models<I> {}

impl<'m, I: Iterator<Item = &'m ModelInfo>> Models<I> {
    /// Models of your own choice.
    ///
    /// ```
    /// use bedrock_models::ModelInfo;
    /// use bedrock_models::catalog::{self, Models};
    ///
    /// const MINE: &ModelInfo = &ModelInfo::new("acme.talker-v1:0");
    /// let known = Models::of(catalog::models().chain([MINE])).owned_by("Acme");
    /// assert!(known.eq([MINE]));
    /// ```
    pub fn of(models: impl IntoIterator<Item = &'m ModelInfo, IntoIter = I>) -> Self {
        Self(models.into_iter())
    }

    /// Those for which the answer is yes.
    ///
    /// ```
    /// use bedrock_models::catalog;
    ///
    /// let talkers = catalog::models().that(|model| model.id.ends_with("-instruct")).that_call_tools();
    /// # drop(talkers);
    /// ```
    pub fn that(self, mut yes: impl FnMut(&ModelInfo) -> bool) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        Models(self.0.filter(move |model| yes(model)))
    }

    /// Those of an owner, by its name (`Mistral AI`) or by what its IDs begin with (`mistral`), in upper or lower
    /// case.
    pub fn owned_by(self, owner: &str) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| {
            let provider = model.id.split('.').next().unwrap_or_default();
            [model.owner, provider].iter().any(|name| name.eq_ignore_ascii_case(owner))
        })
    }

    /// Those that take the bodies of an API: `anthropic/messages`.
    pub fn with_api(self, api: &str) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.api == Some(api))
    }

    /// Those that have request and response types here, whether or not their owner's feature is on.
    pub fn with_types(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.catalog_only.is_none() && model.api.is_some())
    }

    /// Those that an operation serves.
    ///
    /// ```
    /// use bedrock_models::catalog::{self, Operation};
    ///
    /// let answers_both = catalog::models().served_by(Operation::Converse).served_by(Operation::InvokeModel);
    /// # drop(answers_both);
    /// ```
    pub fn served_by(self, operation: Operation) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.serves(operation))
    }

    /// Those whose bare ID can be invoked.
    pub fn on_demand(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.on_demand == Some(true))
    }

    /// Those with an inference profile, by its prefix: `eu`.
    pub fn with_profile(self, prefix: &str) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.profiles.contains(&prefix))
    }

    /// Those that a kind of content goes into. Of image models too; for chat see
    /// [`that_see_images`](Self::that_see_images).
    pub fn that_take(self, modality: Modality) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.takes(modality))
    }

    /// Those that a kind of content comes out of: `Modality::Embedding`, `Modality::Image`.
    pub fn that_give(self, modality: Modality) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.gives(modality))
    }

    /// Those whose answers can be streamed.
    pub fn that_stream(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.streaming == Some(true))
    }

    /// Those that call tools.
    pub fn that_call_tools(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.tools == Some(true))
    }

    /// Those that see images in a conversation.
    pub fn that_see_images(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.vision == Some(true))
    }

    /// Those that read documents.
    pub fn that_read_documents(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.documents == Some(true))
    }

    /// Those that reason before they answer.
    pub fn that_reason(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.reasoning == Some(true))
    }

    /// Those that take a system prompt.
    pub fn with_system_prompt(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.system_prompt == Some(true))
    }

    /// Those that take cache points.
    pub fn with_prompt_caching(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.prompt_caching == Some(true))
    }

    /// Those whose answers keep to a JSON Schema that the request gives.
    pub fn with_structured_output(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(|model| model.capabilities.structured_output == Some(true))
    }

    /// Those whose request and answer may together have so many tokens.
    pub fn with_context_at_least(self, tokens: u64) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.context_tokens.is_some_and(|context| context >= tokens))
    }

    /// Those whose answers may have so many tokens.
    pub fn with_max_output_at_least(self, tokens: u64) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.max_output_tokens.is_some_and(|output| output >= tokens))
    }

    /// Those whose requests cost at most so many US dollars per million tokens.
    pub fn with_input_price_at_most(self, usd: impl Into<Decimal>) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        let most = usd.into();
        self.that(move |model| input_price(model).is_some_and(|price| price <= most))
    }

    /// Those whose answers cost at most so many US dollars per million tokens.
    ///
    /// ```
    /// use bedrock_models::catalog::{self, Decimal};
    ///
    /// let cheap = catalog::models().with_output_price_at_most(2);
    /// let cheaper = catalog::models().with_output_price_at_most(Decimal::new(25, 2)); // 0.25
    /// assert!(cheaper.count() <= cheap.count());
    /// ```
    pub fn with_output_price_at_most(self, usd: impl Into<Decimal>) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        let most = usd.into();
        self.that(move |model| output_price(model).is_some_and(|price| price <= most))
    }

    /// Those whose facts are at least so sure.
    pub fn with_confidence_at_least(self, least: Confidence) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.confidence.is_some_and(|confidence| confidence >= least))
    }

    /// Those that are released, and neither legacy nor at their end, on a day.
    ///
    /// ```
    /// use bedrock_models::catalog::{self, Date};
    /// use std::time::SystemTime;
    ///
    /// let today = catalog::models().active_on(Date::of(SystemTime::now()));
    /// # drop(today);
    /// ```
    pub fn active_on(self, date: Date) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.status_on(date) == Some(Status::Active))
    }

    /// Those that have not come to their end of life by a day; legacy ones are among them.
    pub fn not_ended_by(self, date: Date) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.lifecycle.has_ended(date) == Some(false))
    }

    /// Those that were in a stage of life when the catalogue was made.
    pub fn with_status(self, status: Status) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.that(move |model| model.lifecycle.status == Some(status))
    }

    /// Sorted by the price of requests. Sorting keeps the order of equals, so that an earlier one decides ties.
    pub fn cheapest_input_first(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.sorted(input_price)
    }

    /// Sorted by the price of answers.
    pub fn cheapest_output_first(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.sorted(output_price)
    }

    /// Sorted by the tokens that request and answer may have together.
    pub fn longest_context_first(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.sorted(|model| model.context_tokens.map(Reverse))
    }

    /// Sorted by the day of release, the latest first.
    pub fn newest_first(self) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        self.sorted(|model| model.released.map(Reverse))
    }

    /// Sorted by a key of your own, from the least; models without one come last.
    ///
    /// ```
    /// use bedrock_models::catalog;
    ///
    /// let by_answers = catalog::models().sorted(|model| model.max_output_tokens);
    /// # drop(by_answers);
    /// ```
    pub fn sorted<K: Ord>(
        self,
        mut key: impl FnMut(&ModelInfo) -> Option<K>,
    ) -> Models<impl Iterator<Item = &'m ModelInfo>> {
        let sort = move || {
            let mut models: Vec<_> = self.0.map(|model| (key(model), model)).collect();
            models.sort_by(|(one, _), (other, _)| match (one, other) {
                (Some(one), Some(other)) => one.cmp(other),
                // What is known comes before what is not.
                (one, other) => other.is_some().cmp(&one.is_some()),
            });
            models.into_iter().map(|(_, model)| model)
        };
        Models(iter::once_with(sort).flatten())
    }
}

fn input_price(model: &ModelInfo) -> Option<Decimal> {
    model.price.as_ref().and_then(|price| price.input)
}

fn output_price(model: &ModelInfo) -> Option<Decimal> {
    model.price.as_ref().and_then(|price| price.output)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::samples::{HAIKU, SAMPLES, sample};
    use super::*;

    fn all() -> Models<impl Iterator<Item = &'static ModelInfo> + Clone> {
        Models::of(SAMPLES.iter().copied())
    }

    fn names<'m>(models: impl Iterator<Item = &'m ModelInfo>) -> Vec<&'m str> {
        models.map(|model| model.name).collect()
    }

    #[test]
    fn a_sentence_narrows_and_sorts() {
        let found = all()
            .that_see_images()
            .that_call_tools()
            .that_stream()
            .with_output_price_at_most(15)
            .cheapest_output_first();
        assert_eq!(names(found), ["Claude Haiku 4.5", "Claude Sonnet 4.5"]);
        let found = all().that_call_tools().with_output_price_at_most(Decimal::new(30, 2));
        assert_eq!(names(found), ["gpt-oss 20B"]);
        assert_eq!(names(all().with_input_price_at_most(Decimal::new(7, 2))), ["gpt-oss 20B"]);
    }

    #[test]
    fn owners_apis_operations_and_profiles() {
        assert_eq!(names(all().owned_by("mistral")), ["Mistral Large 3"]);
        assert_eq!(names(all().owned_by("MISTRAL ai")), ["Mistral Large 3"]);
        assert_eq!(all().owned_by("acme").count(), 0);
        assert_eq!(names(all().with_api("meta/llama")), ["Llama 3 8B Instruct"]);
        assert_eq!(names(all().served_by(Operation::StartAsyncInvoke)), ["Nova 2 Multimodal Embeddings"]);
        assert_eq!(names(all().with_profile("us-gov")), ["Claude Haiku 4.5"]);
        assert_eq!(names(all().that_give(Modality::Image)), ["Stable Diffusion 3.5 Large"]);
        assert_eq!(all().that_take(Modality::Image).count(), 5);
        assert!(all().with_types().all(|model| model.api.is_some()));
        assert_eq!(names(all().that(|model| model.id.len() == 12)), ["Grok 4.7"]);
    }

    #[test]
    fn what_is_not_known_is_no_yes() {
        const UNKNOWN: &ModelInfo = &ModelInfo::new("acme.one");
        fn one(model: &ModelInfo) -> Models<impl Iterator<Item = &ModelInfo>> {
            Models::of([model])
        }
        let questions: &[fn(&ModelInfo) -> usize] = &[
            |model| one(model).with_api("acme/talk").count(),
            |model| one(model).with_types().count(),
            |model| one(model).served_by(Operation::InvokeModel).count(),
            |model| one(model).on_demand().count(),
            |model| one(model).with_profile("us").count(),
            |model| one(model).that_take(Modality::Text).count(),
            |model| one(model).that_give(Modality::Text).count(),
            |model| one(model).that_stream().count(),
            |model| one(model).that_call_tools().count(),
            |model| one(model).that_see_images().count(),
            |model| one(model).that_read_documents().count(),
            |model| one(model).that_reason().count(),
            |model| one(model).with_system_prompt().count(),
            |model| one(model).with_prompt_caching().count(),
            |model| one(model).with_structured_output().count(),
            |model| one(model).with_context_at_least(0).count(),
            |model| one(model).with_max_output_at_least(0).count(),
            |model| one(model).with_input_price_at_most(u64::MAX).count(),
            |model| one(model).with_output_price_at_most(u64::MAX).count(),
            |model| one(model).with_confidence_at_least(Confidence::Low).count(),
            |model| one(model).active_on(Date::new(2026, 1, 1)).count(),
            |model| one(model).not_ended_by(Date::new(2026, 1, 1)).count(),
            |model| one(model).with_status(Status::Active).count(),
        ];
        let known = ModelInfo { api: Some("acme/talk"), on_demand: Some(true), ..*sample(HAIKU) };
        for (number, question) in questions.iter().enumerate() {
            assert_eq!(question(&known), 1, "question {number} finds what is known");
            assert_eq!(question(UNKNOWN), 0, "question {number}");
        }
        assert_eq!(all().with_confidence_at_least(Confidence::Medium).count(), 5);
    }

    #[test]
    fn life_is_judged_on_the_day() {
        let found = |year, month| {
            let day = Date::new(year, month, 1);
            let (active, there) = (all().active_on(day), all().not_ended_by(day));
            (active.owned_by("meta").count(), there.owned_by("meta").count())
        };
        assert_eq!(found(2024, 4), (0, 1));
        assert_eq!(found(2026, 6), (1, 1));
        assert_eq!(found(2026, 7), (0, 1));
        assert_eq!(found(2027, 4), (0, 0));
        assert_eq!(names(all().with_status(Status::Eol)), ["Claude 2"]);
    }

    #[test]
    fn sorting_puts_the_unknown_last_and_keeps_the_order_of_equals() {
        let sorted: Vec<_> = all().cheapest_output_first().map(output_price).collect();
        let known = sorted.iter().take_while(|price| price.is_some()).count();
        assert!(sorted[..known].is_sorted() && sorted[known..].iter().all(Option::is_none));
        assert_eq!((known, sorted.len()), (6, SAMPLES.len()));
        let inputs: Vec<_> = all().cheapest_input_first().map_while(input_price).collect();
        assert!(inputs.is_sorted() && inputs.len() == 7);
        assert_eq!(names(all().newest_first().take(2)), ["Mistral Large 3", "Claude Haiku 4.5"]);
        assert_eq!(names(all().longest_context_first().take(2)), ["Claude Sonnet 4.5", "Mistral Large 3"]);
        let unknown: Vec<_> = all().newest_first().filter(|model| model.released.is_none()).collect();
        assert!(unknown.iter().copied().eq(all().filter(|model| model.released.is_none())));
    }

    #[test]
    fn nothing_is_looked_at_before_it_is_asked_for() {
        let looked = Cell::new(0);
        let mut found = all().that(|_| {
            looked.set(looked.get() + 1);
            true
        });
        assert_eq!(looked.get(), 0);
        found.next();
        assert_eq!(looked.get(), 1);
        let sorted = found.cheapest_output_first().that_stream();
        assert_eq!(looked.get(), 1);
        assert!(sorted.count() < SAMPLES.len());
        assert_eq!(looked.get(), SAMPLES.len());
    }
}
