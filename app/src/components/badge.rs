use leptos::prelude::*;

/// What a badge or notice means. Each tone has its colour and its own sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing to say about good or bad.
    #[default]
    Neutral,
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Wrong.
    Bad,
    /// Going on.
    Busy,
    /// Could not be told.
    Unknown,
}

impl Tone {
    /// The value of the `data-tone` attribute that the styles go by.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Busy => "busy",
            Self::Unknown => "unknown",
        }
    }
}

/// A state in a word, with a sign beside the colour.
#[component]
pub(crate) fn Badge(
    /// What it means.
    tone: Tone,
    /// The word.
    #[prop(into)]
    text: Oco<'static, str>,
    /// What stands behind the word, shown on hover.
    #[prop(optional, into)]
    title: Option<String>,
) -> impl IntoView {
    let title = title.filter(|title| !title.is_empty());
    view! { <span class="badge" data-tone=tone.as_str() title=title>{text}</span> }
}
