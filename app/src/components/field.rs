use leptos::prelude::*;

/// A labelled input with hint and error, tied together for assistive technology.
#[component]
pub(crate) fn Field(
    /// The label.
    label: &'static str,
    /// The name in the form; also makes the id.
    #[prop(into)]
    name: Oco<'static, str>,
    /// What it holds.
    #[prop(optional, into)]
    value: String,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What belongs in, in a sentence.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The rule that the value breaks; may change while one types.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// The `autocomplete` attribute.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The `step` attribute of numbers and times.
    #[prop(optional)]
    step: Option<&'static str>,
    /// The `min` attribute.
    #[prop(optional, into)]
    min: Option<String>,
    /// The `max` attribute.
    #[prop(optional, into)]
    max: Option<String>,
    /// The id of a list of values to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
    /// What counts where nothing is entered.
    #[prop(optional)]
    placeholder: Option<&'static str>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let invalid = move || broken(error).is_some().then_some("true");
    let (described, notes) = notes(&id, hint, error);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                value=value
                required=required
                autocomplete=autocomplete
                step=step
                min=min
                max=max
                list=list
                placeholder=placeholder
                aria-invalid=invalid
                aria-describedby=described
            />
            {notes}
        </div>
    }
}

/// A labelled text of several lines.
#[component]
pub(crate) fn TextArea(
    /// The label.
    label: &'static str,
    /// The name in the form; also makes the id.
    #[prop(into)]
    name: Oco<'static, str>,
    /// What it holds.
    #[prop(optional, into)]
    value: String,
    /// What belongs in, in a sentence.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The rule that the value breaks; may change while one types.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Lines shown.
    #[prop(default = 2)]
    rows: u8,
) -> impl IntoView {
    let id = format!("field-{name}");
    let invalid = move || broken(error).is_some().then_some("true");
    let (described, notes) = notes(&id, hint, error);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                name=name
                rows=rows.to_string()
                aria-invalid=invalid
                aria-describedby=described
            >
                {value}
            </textarea>
            {notes}
        </div>
    }
}

/// One entry of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What the form sends.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) label: String,
}

impl Choice {
    /// An entry.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A labelled list to choose from.
#[component]
pub(crate) fn Select(
    /// The label.
    label: &'static str,
    /// The name in the form; also makes the id.
    #[prop(into)]
    name: Oco<'static, str>,
    /// The entries.
    choices: Vec<Choice>,
    /// The value that is chosen.
    #[prop(optional, into)]
    value: String,
    /// What belongs in, in a sentence.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The rule that the value breaks; may change while one types.
    #[prop(optional, into)]
    error: MaybeProp<String>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let invalid = move || broken(error).is_some().then_some("true");
    let (described, notes) = notes(&id, hint, error);
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == value;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                name=name
                aria-invalid=invalid
                aria-describedby=described
            >
                {options}
            </select>
            {notes}
        </div>
    }
}

/// The rule that is broken; an empty text counts as none.
fn broken(error: MaybeProp<String>) -> Option<String> {
    error.get().filter(|rule| !rule.is_empty())
}

/// Hint and error below an input, and the ids by which the input names them.
fn notes(
    id: &str,
    hint: Option<String>,
    error: MaybeProp<String>,
) -> (
    impl Fn() -> Option<String> + Send + Sync + Clone + use<>,
    AnyView,
) {
    let hint = hint.filter(|hint| !hint.is_empty());
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let error_id = format!("{id}-error");
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (broken(error).is_some(), &hint_id) {
            (true, Some(hint_id)) => Some(format!("{error_id} {hint_id}")),
            (true, None) => Some(error_id.clone()),
            (false, hint_id) => hint_id.clone(),
        }
    };
    let shown = move || {
        broken(error).map(|rule| {
            let text = capitalised(&rule);
            view! { <p class="field-error" id=error_id.clone()>{text}</p> }
        })
    };
    let hint = hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> });
    (described, view! { {shown} {hint} }.into_any())
}

fn capitalised(rule: &str) -> String {
    let mut chars = rule.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}
