//! One call: its options, and how it becomes a reply or a stream when awaited.

use super::options::{Options, apply, merge};
use super::reply::Headers;
use super::{Error, EventStream, Latency, Reply, ServiceTier, Trace};
use crate::check::Violations;
use crate::json;
use crate::model::{Model, Streams};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::Blob;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Marks a [`Call`] that waits for the whole reply.
#[derive(Clone, Copy, Debug)]
pub enum Whole {}

/// Marks a [`Call`] that gives the reply event by event.
#[derive(Clone, Copy, Debug)]
pub enum Streamed {}

/// The future of a [`Call`]. It borrows nothing, so it can be spawned.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A call about to be made by [`Client::invoke`](super::Client::invoke) or [`Client::stream`](super::Client::stream).
/// Options are set on it; awaiting it sends it.
#[must_use = "nothing is sent before the call is awaited"]
pub struct Call<'a, M: Model, Kind> {
    sdk: aws_sdk_bedrockruntime::Client,
    model_id: String,
    request: &'a M::Request,
    options: Options,
    kind: PhantomData<fn() -> Kind>,
}

impl<'a, M: Model, Kind> Call<'a, M, Kind> {
    pub(super) fn new(sdk: aws_sdk_bedrockruntime::Client, model_id: String, request: &'a M::Request) -> Self {
        Self { sdk, model_id, request, options: Options::default(), kind: PhantomData }
    }

    /// Lets a guardrail judge request and reply: its ID or ARN, and its version (a number, or `DRAFT`).
    pub fn guardrail(mut self, id: impl Into<String>, version: impl Into<String>) -> Self {
        self.options.guardrail = Some((id.into(), version.into()));
        self
    }

    /// Asks for the guardrail's trace; see [`Reply::guardrail_trace`].
    pub fn trace(mut self, trace: Trace) -> Self {
        self.options.trace = Some(trace);
        self
    }

    /// Asks for a reply at the standard speed, or at the optimised one where the model has it.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.options.latency = Some(latency);
        self
    }

    /// Asks for a service tier; [`Reply::service_tier`] tells which one served.
    pub fn service_tier(mut self, tier: ServiceTier) -> Self {
        self.options.service_tier = Some(tier);
        self
    }

    /// Adds keys and values by which the call is found again in Bedrock's invocation logs.
    pub fn request_metadata<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), Value::String(value.into())));
        self.options.request_metadata.extend(entries);
        self
    }

    /// Sends the request without checking it against the model's rules first.
    ///
    /// For the day when the service has become more generous than the rules in this crate. What the service does not
    /// accept, it then refuses itself ([`ErrorKind::Refused`](super::ErrorKind::Refused)).
    pub fn unchecked(mut self) -> Self {
        self.options.unchecked = true;
        self
    }

    /// Merges a raw member into the body of the request, on top of what its type holds.
    ///
    /// For a parameter that the service has and this crate's types do not have yet. An object is merged member by
    /// member, null removes a member, anything else replaces it (JSON merge patch, RFC 7396). Merged members are not
    /// checked.
    pub fn merge(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.options.merge.insert(key.into(), value.into());
        self
    }

    /// The body, checked. It is made before anything is awaited, so that the future need not borrow the request.
    fn body(&mut self) -> Result<Blob, Error> {
        if !self.options.unchecked {
            M::check(self.request).map_err(|violations| Error::invalid(&self.model_id, violations))?;
        }
        let unwritable = |error| Error::invalid(&self.model_id, Violations::unwritable(&error));
        if self.options.merge.is_empty() {
            return json::to_vec(self.request).map(Blob::new).map_err(unwritable);
        }
        let mut body = json::to_value(self.request).map_err(unwritable)?;
        merge(&mut body, Value::Object(std::mem::take(&mut self.options.merge)));
        Ok(Blob::new(body.to_string()))
    }
}

impl<M: Model, Kind> fmt::Debug for Call<'_, M, Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No request: a prompt does not belong in a log.
        f.debug_struct("Call").field("model_id", &self.model_id).finish_non_exhaustive()
    }
}

impl<M: Model> IntoFuture for Call<'_, M, Whole> {
    type Output = Result<Reply<M::Response>, Error>;
    type IntoFuture = CallFuture<Reply<M::Response>>;

    fn into_future(mut self) -> Self::IntoFuture {
        let body = self.body();
        let Self { sdk, model_id, options, .. } = self;
        Box::pin(async move {
            let watch = Watch::default();
            let operation = apply!(sdk.invoke_model().model_id(&model_id).body(body?), options);
            match operation.customize().interceptor(watch.clone()).send().await {
                Ok(output) => Reply::decode(&model_id, watch.take().headers, output.body.into_inner()),
                Err(error) => Err(Error::from_sdk::<M, _, _>(&model_id, watch.take(), error)),
            }
        })
    }
}

impl<M: Streams> IntoFuture for Call<'_, M, Streamed> {
    type Output = Result<EventStream<M>, Error>;
    type IntoFuture = CallFuture<EventStream<M>>;

    fn into_future(mut self) -> Self::IntoFuture {
        let body = self.body();
        let Self { sdk, model_id, options, .. } = self;
        Box::pin(async move {
            let watch = Watch::default();
            let operation = apply!(sdk.invoke_model_with_response_stream().model_id(&model_id).body(body?), options);
            match operation.customize().interceptor(watch.clone()).send().await {
                Ok(output) => Ok(EventStream::new(model_id, watch.take().headers, output.body)),
                Err(error) => Err(Error::from_sdk::<M, _, _>(&model_id, watch.take(), error)),
            }
        })
    }
}

/// What an attempt came to, beside what the SDK tells of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Whether anything was sent. Of what fails earlier, the configuration is to blame.
    pub(super) sent: bool,
    /// The headers of the last response: token counts are there, and the SDK's outputs do not carry them.
    pub(super) headers: Headers,
}

#[derive(Clone, Debug, Default)]
struct Watch(Arc<Mutex<Seen>>);

impl Watch {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen())
    }
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "WatchCall"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Headers of an attempt before say nothing about this one.
        *self.seen() = Seen { sent: true, headers: Headers::default() };
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.seen().headers = Headers::from_sdk(context.response().headers());
        Ok(())
    }
}
