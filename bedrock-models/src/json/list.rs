//! What a caller may write where a list is asked for.

/// A list of `T`: a vector, an array, a slice, or one string where a `T` is made of it.
///
/// ```
/// use bedrock_models::json::IntoList;
///
/// fn stop(words: impl IntoList<String>) -> Vec<String> {
///     words.into_list()
/// }
/// assert_eq!(stop(["Human:", "User:"]), stop(vec!["Human:".to_owned(), "User:".to_owned()]));
/// assert_eq!(stop("Human:"), stop(["Human:"]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of `{T}`",
    note = "a list is a `Vec`, an array or a slice; a string stands for one item where `{T}` is made from strings"
)]
pub trait IntoList<T> {
    /// The items.
    fn into_list(self) -> Vec<T>;
}

impl<T> IntoList<T> for Vec<T> {
    fn into_list(self) -> Self {
        self
    }
}

impl<T, const N: usize> IntoList<T> for [T; N] {
    fn into_list(self) -> Vec<T> {
        self.into()
    }
}

impl<T: Clone> IntoList<T> for &[T] {
    fn into_list(self) -> Vec<T> {
        self.to_vec()
    }
}

impl<T: Clone> IntoList<T> for &Vec<T> {
    fn into_list(self) -> Vec<T> {
        self.clone()
    }
}

impl<T: Clone, const N: usize> IntoList<T> for &[T; N] {
    fn into_list(self) -> Vec<T> {
        self.to_vec()
    }
}

impl<'a, T: From<&'a str>> IntoList<T> for &'a str {
    fn into_list(self) -> Vec<T> {
        vec![self.into()]
    }
}

impl<T: From<String>> IntoList<T> for String {
    fn into_list(self) -> Vec<T> {
        vec![self.into()]
    }
}

impl<const N: usize> IntoList<String> for [&str; N] {
    fn into_list(self) -> Vec<String> {
        self.map(str::to_owned).into()
    }
}

impl IntoList<String> for Vec<&str> {
    fn into_list(self) -> Vec<String> {
        self.as_slice().into_list()
    }
}

impl IntoList<String> for &[&str] {
    fn into_list(self) -> Vec<String> {
        self.iter().map(|&text| text.to_owned()).collect()
    }
}
