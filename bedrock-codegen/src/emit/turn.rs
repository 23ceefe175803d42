//! What is made of a reply: its text, and the turn that it is in the next request.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scope::Scope;
use super::types::{is_field, literal};
use crate::ir::{Direction, Literal, Presence, Shape, Step, Struct, Turn, Ty, Type, TypeId};

/// Whether `reply` becomes `into` as a turn.
pub(super) fn leads_to(reply: &Type, into: &Type) -> bool {
    let Shape::Struct(Struct { turn: Some(turn), .. }) = &reply.shape else { return false };
    let (Turn::Whole { into: target, .. } | Turn::Build { into: target, .. }) = turn;
    into.direction == Direction::Request && into.origin == target.def
}

/// `text()`: the string that the path leads to, or all of them together.
pub(super) fn text(scope: &Scope, ty: &Type, steps: &[Step]) -> Option<TokenStream> {
    let name = ty.name.ident();
    let empty = quote!(return "".into());
    let cow = scope.std("Cow");
    let mut walk = Walk { scope, owned: false, none: empty, statements: Vec::new(), at: Place::of(quote!(self)) };
    let start = Start::Shape(&ty.shape);
    let split = steps.iter().position(|step| matches!(step, Step::Each));
    let (single, several) = steps.split_at(split.unwrap_or(steps.len()));
    let reached = walk.steps(start, single)?;
    let result = match several.split_first() {
        None => {
            let at = walk.at.expression;
            quote!(#at.as_str().into())
        }
        Some((_, rest)) => {
            let Ty::Vec(item) = reached.ty()? else { return None };
            let items = chain(scope, &item.ty, rest)?;
            let at = walk.at.expression;
            quote!(#at.iter()#items.collect())
        }
    };
    let statements = walk.statements;
    Some(quote! {
        impl #name {
            /// The generated text; empty where there is none.
            pub fn text(&self) -> #cow<'_, str> {
                #(#statements)*
                #result
            }
        }
    })
}

/// `From<Response> for Message`. `None` where the path may lead nowhere and no empty turn can be made.
pub(super) fn conversion(scope: &Scope, reply: TypeId, into: TypeId) -> Option<TokenStream> {
    let Shape::Struct(shape) = &scope.get(reply).shape else { return None };
    let body = match shape.turn.as_ref()? {
        Turn::Whole { from, .. } => whole(scope, reply, from)?,
        Turn::Build { set, from, .. } => build(scope, reply, into, set, from)?,
    };
    let (from, reply, into) = (scope.std("From"), scope.name(reply), scope.name(into));
    // Only this crate may implement it; elsewhere `reply.into_body()` comes first.
    let with_headers = scope.is_shared().then(|| {
        quote! {
            /// The reply as a turn of the next request.
            #[cfg(feature = "aws")]
            impl #from<crate::client::Reply<#reply>> for #into {
                fn from(reply: crate::client::Reply<#reply>) -> Self {
                    reply.into_body().into()
                }
            }
        }
    });
    Some(quote! {
        #with_headers
        /// The reply as a turn of the next request.
        impl #from<#reply> for #into {
            fn from(reply: #reply) -> Self {
                #body
            }
        }
        /// The reply as a turn of the next request.
        impl #from<&#reply> for #into {
            fn from(reply: &#reply) -> Self {
                reply.clone().into()
            }
        }
    })
}

fn whole(scope: &Scope, reply: TypeId, steps: &[Step]) -> Option<TokenStream> {
    let ty = Ty::Named(reply);
    let reached = Walk::owned(scope, quote!()).reached(&ty, steps)?;
    let none = match empty(scope, &reached) {
        Some(empty) => quote!(return Self::from(#empty)),
        None => quote!(),
    };
    let missing = none.is_empty();
    let mut walk = Walk::owned(scope, none);
    walk.steps(Start::Ty(&ty), steps)?;
    if missing && !walk.statements.is_empty() {
        return None;
    }
    let (statements, at) = (walk.statements, walk.at.expression);
    Some(quote! { #(#statements)* Self::from(#at) })
}

fn build(
    scope: &Scope,
    reply: TypeId,
    into: TypeId,
    set: &[(String, Literal)],
    from: &[(String, Vec<Step>)],
) -> Option<TokenStream> {
    let ty = Ty::Named(reply);
    let target = scope.as_struct(&Ty::Named(into))?;
    let mut required = Vec::new();
    let mut setters = Vec::new();
    for field in target.fields.iter().filter(|field| is_field(field)) {
        let value =
            match (set.iter().find(|(key, _)| *key == field.wire), from.iter().find(|(key, _)| *key == field.wire)) {
                (Some((_, value)), _) => Some(constant(scope, &field.ty, value)?),
                (None, Some((_, steps))) => {
                    let mut walk = Walk::owned(scope, quote!());
                    let reached = walk.steps(Start::Ty(&ty), steps)?.ty()?.clone();
                    if !walk.statements.is_empty() {
                        return None;
                    }
                    Some(converted(scope, &walk.at.expression, &reached, &field.ty)?)
                }
                (None, None) => None,
            };
        let name = field.name.ident();
        match (&field.presence, value) {
            (Presence::Required, Some(value)) => required.push(value),
            (Presence::Required, None) => return None,
            (_, Some(value)) => setters.push(quote!(.#name(#value))),
            (_, None) => {}
        }
    }
    Some(quote! { Self::new(#(#required),*)#(#setters)* })
}

/// A constant as a value of a field.
fn constant(scope: &Scope, ty: &Ty, value: &Literal) -> Option<TokenStream> {
    match (ty, value) {
        (Ty::Named(id), Literal::Str(wire)) => match &scope.get(*id).shape {
            Shape::StringEnum(shape) => {
                let (name, variant) = (scope.name(*id), shape.values.iter().find(|value| value.wire == *wire)?);
                let variant = variant.name.ident();
                Some(quote!(#name::#variant))
            }
            Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) | Shape::Alias(_) => {
                None
            }
        },
        (_, value) => Some(literal(value)),
    }
}

/// A value of a reply's type as one of a request's.
fn converted(scope: &Scope, value: &TokenStream, from: &Ty, into: &Ty) -> Option<TokenStream> {
    if from == into {
        return Some(value.clone());
    }
    match (from, into) {
        (Ty::Vec(from), Ty::Vec(into)) => {
            converted(scope, &quote!(it), &from.ty, &into.ty)?;
            let vec = scope.std("Vec");
            let into = scope.ty(&into.ty);
            Some(quote!(#value.into_iter().map(#into::from).collect::<#vec<_>>()))
        }
        (_, Ty::Named(id)) => match &scope.get(*id).shape {
            Shape::KindUnion(shape) => {
                let same = |into: &Ty| match (from, into) {
                    (Ty::Vec(_), Ty::Vec(_)) => true,
                    (from, into) => from == into,
                };
                let arm = shape.arms.iter().find(|arm| same(&arm.ty))?;
                let (name, variant) = (scope.name(*id), arm.name.ident());
                let value = converted(scope, value, from, &arm.ty)?;
                Some(quote!(#name::#variant(#value)))
            }
            Shape::TaggedUnion(shape) => echoed(scope, value, from, shape.echo?),
            Shape::KeyUnion(shape) => echoed(scope, value, from, shape.echo?),
            Shape::Struct(_) | Shape::StringEnum(_) | Shape::Alias(_) => None,
        },
        _ => None,
    }
}

fn echoed(scope: &Scope, value: &TokenStream, from: &Ty, echo: TypeId) -> Option<TokenStream> {
    let into = scope.std("Into");
    (*from == Ty::Named(echo)).then(|| quote!(#into::into(#value)))
}

/// A value of a reply that says nothing, for a turn of a reply that has none.
fn empty(scope: &Scope, ty: &Ty) -> Option<TokenStream> {
    match ty {
        Ty::Named(id) => {
            let shape = scope.as_struct(ty)?;
            let fields: Option<Vec<_>> = shape
                .fields
                .iter()
                .filter(|field| is_field(field))
                .map(|field| {
                    let value = match (&field.presence, &field.ty) {
                        (Presence::Optional, Ty::Nullable(_)) => {
                            let maybe = scope.runtime("Maybe");
                            quote!(#maybe::Absent)
                        }
                        (Presence::Optional, _) | (_, Ty::Nullable(_)) => quote!(None),
                        (_, ty) => empty(scope, ty)?,
                    };
                    let name = field.name.ident();
                    Some(quote!(#name: #value))
                })
                .collect();
            let (name, fields, extra) = (scope.name(*id), fields?, scope.runtime("Extra"));
            Some(quote!(#name { #(#fields,)* extra: #extra::default() }))
        }
        Ty::String => {
            let string = scope.std("String");
            Some(quote!(#string::new()))
        }
        Ty::Vec(_) => {
            let vec = scope.std("Vec");
            Some(quote!(#vec::new()))
        }
        Ty::Map(_) => {
            let map = scope.std("BTreeMap");
            Some(quote!(#map::new()))
        }
        Ty::Boxed(ty) => {
            let (boxed, ty) = (scope.std("Box"), empty(scope, ty)?);
            Some(quote!(#boxed::new(#ty)))
        }
        Ty::Nullable(_) => Some(quote!(None)),
        Ty::Bool | Ty::U32 | Ty::U64 | Ty::I64 | Ty::F64 | Ty::Blob | Ty::Json | Ty::JsonObject => None,
    }
}

/// Where a path begins.
enum Start<'t> {
    Shape(&'t Shape),
    Ty(&'t Ty),
}

/// Where a path has come to.
enum Reached<'t> {
    Shape(&'t Shape),
    Ty(&'t Ty),
}

impl<'t> Reached<'t> {
    /// Through boxes and `null`.
    fn ty(&self) -> Option<&'t Ty> {
        match self {
            Self::Shape(_) => None,
            Self::Ty(ty) => Some(bare(ty)),
        }
    }
}

fn bare(ty: &Ty) -> &Ty {
    match ty {
        Ty::Nullable(ty) | Ty::Boxed(ty) => bare(ty),
        ty => ty,
    }
}

/// An expression, and what one must write before it to look into it.
struct Place {
    expression: TokenStream,
    /// It is a reference already.
    reference: bool,
    boxed: bool,
}

impl Place {
    fn of(expression: TokenStream) -> Self {
        Self { expression, reference: true, boxed: false }
    }
}

/// Goes along a path, one value at a time; where there is none, `none` ends the function.
struct Walk<'a, 's> {
    scope: &'s Scope<'a>,
    owned: bool,
    none: TokenStream,
    statements: Vec<TokenStream>,
    at: Place,
}

impl<'a, 's> Walk<'a, 's> {
    fn owned(scope: &'s Scope<'a>, none: TokenStream) -> Self {
        let at = Place { expression: quote!(reply), reference: false, boxed: false };
        Self { scope, owned: true, none, statements: Vec::new(), at }
    }

    fn reached(mut self, ty: &Ty, steps: &[Step]) -> Option<Ty> {
        self.steps(Start::Ty(ty), steps)?.ty().cloned()
    }

    fn steps<'t>(&mut self, start: Start<'t>, steps: &[Step]) -> Option<Reached<'t>>
    where
        'a: 't,
    {
        let mut reached = match start {
            Start::Shape(shape) => Reached::Shape(shape),
            Start::Ty(ty) => Reached::Ty(ty),
        };
        for step in steps {
            let ty = match step {
                Step::Field(index) => {
                    let Shape::Struct(shape) = self.shape(&reached)? else { return None };
                    let field = shape.fields.get(*index)?;
                    let (at, name) = (&self.at.expression, field.name.ident());
                    self.at = Place { expression: quote!(#at.#name), reference: false, boxed: false };
                    match (&field.presence, &field.ty) {
                        (Presence::Optional, Ty::Nullable(_)) => {
                            let maybe = self.scope.runtime("Maybe");
                            self.bind(&quote!(#maybe::Value(it)));
                        }
                        (Presence::Optional, _) | (Presence::Required, Ty::Nullable(_)) => self.bind(&quote!(Some(it))),
                        (Presence::Required, _) => {}
                        (Presence::Fixed(_) | Presence::FixedOptional(_), _) => return None,
                    }
                    &field.ty
                }
                Step::Item(index) => {
                    let Ty::Vec(item) = reached.ty()? else { return None };
                    let at = &self.at.expression;
                    self.at.expression = match (self.owned, index) {
                        (true, 0) => quote!(#at.into_iter().next()),
                        (true, index) => quote!(#at.into_iter().nth(#index)),
                        (false, 0) => quote!(#at.first()),
                        (false, index) => quote!(#at.get(#index)),
                    };
                    self.at.reference = true;
                    self.bind(&quote!(Some(it)));
                    &item.ty
                }
                Step::Arm(index) => {
                    let (pattern, ty) = arm(self.scope, self.union(&reached)?, *index)?;
                    self.bind(&pattern);
                    ty
                }
                Step::Each => return None,
            };
            self.at.boxed = matches!(ty, Ty::Boxed(_));
            reached = Reached::Ty(ty);
        }
        Some(reached)
    }

    fn bind(&mut self, pattern: &TokenStream) {
        let (at, none) = (&self.at.expression, &self.none);
        let look = match (self.owned, self.at.reference, self.at.boxed) {
            (true, _, false) | (false, true, false) => quote!(#at),
            (true, _, true) => quote!(*#at),
            (false, false, false) => quote!(&#at),
            (false, true, true) => quote!(&**#at),
            (false, false, true) => quote!(&*#at),
        };
        self.statements.push(quote! { let #pattern = #look else { #none; }; });
        self.at = Place::of(quote!(it));
    }

    fn shape<'t>(&self, reached: &Reached<'t>) -> Option<&'t Shape>
    where
        'a: 't,
    {
        match reached {
            Reached::Shape(shape) => Some(shape),
            Reached::Ty(ty) => match bare(ty) {
                Ty::Named(id) => Some(&self.scope.get(*id).shape),
                _ => None,
            },
        }
    }

    /// A union and its name; `Self` where the path begins at it.
    fn union<'t>(&self, reached: &Reached<'t>) -> Option<(TokenStream, &'t Shape)>
    where
        'a: 't,
    {
        let name = match reached {
            Reached::Shape(_) => quote!(Self),
            Reached::Ty(ty) => match bare(ty) {
                Ty::Named(id) => self.scope.name(*id),
                _ => return None,
            },
        };
        Some((name, self.shape(reached)?))
    }
}

/// `ContentBlock::Text(it)`, and the type of `it`.
fn arm<'t>(_: &Scope, (name, shape): (TokenStream, &'t Shape), index: usize) -> Option<(TokenStream, &'t Ty)> {
    let (variant, ty) = match shape {
        Shape::TaggedUnion(shape) => shape.arms.get(index).map(|arm| (&arm.name, &arm.ty)),
        Shape::KeyUnion(shape) => shape.arms.get(index).map(|arm| (&arm.name, &arm.ty)),
        Shape::KindUnion(shape) => shape.arms.get(index).map(|arm| (&arm.name, &arm.ty)),
        Shape::Struct(_) | Shape::StringEnum(_) | Shape::Alias(_) => None,
    }?;
    let variant = variant.ident();
    Some((quote!(#name::#variant(it)), ty))
}

/// The rest of a path for each item of an iterator over references.
fn chain(scope: &Scope, item: &Ty, steps: &[Step]) -> Option<TokenStream> {
    let mut adapters = TokenStream::new();
    // What the closure to come begins with.
    let mut pending = quote!(it);
    let mut boxed = matches!(item, Ty::Boxed(_));
    let mut ty = item;
    for step in steps {
        let reference = pending.to_string() == "it";
        let look = match (reference, boxed) {
            (true, false) => quote!(#pending),
            (true, true) => quote!(&**#pending),
            (false, false) => quote!(&#pending),
            (false, true) => quote!(&*#pending),
        };
        match step {
            Step::Field(index) => {
                let field = scope.as_struct(bare(ty))?.fields.get(*index)?;
                let name = field.name.ident();
                match (&field.presence, &field.ty) {
                    (Presence::Optional, Ty::Nullable(_)) => {
                        let maybe = scope.runtime("Maybe");
                        adapters.extend(quote! {
                            .filter_map(|it| match &#pending.#name { #maybe::Value(it) => Some(it), _ => None })
                        });
                        pending = quote!(it);
                    }
                    (Presence::Optional, _) | (Presence::Required, Ty::Nullable(_)) => {
                        adapters.extend(quote!(.filter_map(|it| #pending.#name.as_ref())));
                        pending = quote!(it);
                    }
                    (Presence::Required, _) => pending = quote!(#pending.#name),
                    (Presence::Fixed(_) | Presence::FixedOptional(_), _) => return None,
                }
                ty = &field.ty;
            }
            Step::Arm(index) => {
                let Ty::Named(id) = bare(ty) else { return None };
                let (pattern, inner) = arm(scope, (scope.name(*id), &scope.get(*id).shape), *index)?;
                adapters.extend(quote!(.filter_map(|it| match #look { #pattern => Some(it), _ => None })));
                pending = quote!(it);
                ty = inner;
            }
            Step::Each => {
                let Ty::Vec(item) = bare(ty) else { return None };
                adapters.extend(quote!(.flat_map(|it| #look)));
                pending = quote!(it);
                ty = &item.ty;
            }
            Step::Item(index) => {
                let Ty::Vec(item) = bare(ty) else { return None };
                adapters.extend(quote!(.filter_map(|it| #pending.get(#index))));
                pending = quote!(it);
                ty = &item.ty;
            }
        }
        boxed = matches!(ty, Ty::Boxed(_));
    }
    let it = format_ident!("it");
    Some(quote!(#adapters.map(|#it| #pending.as_str())))
}
