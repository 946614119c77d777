use leptos::prelude::*;

/// One stage of a wizard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What it settles.
    pub(crate) title: &'static str,
    /// What was settled, in a few words; empty when nothing is yet.
    pub(crate) answer: String,
    /// Where to change it; none when it cannot be reached yet.
    pub(crate) href: Option<String>,
    /// This is the one shown.
    pub(crate) current: bool,
}

/// The stages of a wizard: where one is, what is settled, and the way back.
#[component]
pub(crate) fn Stages(
    /// The stages in order.
    stages: Vec<Stage>,
) -> impl IntoView {
    let items = stages
        .into_iter()
        .map(|stage| {
            let current = stage.current.then_some("step");
            let inside = view! {
                <span class="stage-title">{stage.title}</span>
                <span class="stage-answer">{stage.answer}</span>
            };
            match stage.href.filter(|_| !stage.current) {
                Some(href) => view! {
                    <li class="stage" data-reachable="true"><a href=href>{inside}</a></li>
                }
                .into_any(),
                None => view! {
                    <li class="stage" aria-current=current><span>{inside}</span></li>
                }
                .into_any(),
            }
        })
        .collect_view();
    view! { <nav aria-label="Steps"><ol class="stages">{items}</ol></nav> }
}
