use leptos::{prelude::*, reactive::owner::WeakOwner, tachys::reactive_graph::OwnedView};
use serde::{Serialize, de::DeserializeOwned};

use super::{ErrorNotice, PageHead};
use crate::error::AppError;

/// Shows what a resource holds, its error, or a skeleton until it is there. While it loads again,
/// what was there stays.
pub(crate) fn load<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    load_or(resource, show, |error| {
        view! { <ErrorNotice error/> }.into_any()
    })
}

/// The same for what a whole page is about: its error is the page.
pub(crate) fn load_page<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    load_or(resource, show, |error| {
        view! {
            <PageHead title=error.kind.title()/>
            <ErrorNotice error/>
        }
        .into_any()
    })
}

/// The same with an error shown in its own way.
pub(crate) fn load_or<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
    fail: impl Fn(AppError) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <div class="skeleton" aria-hidden="true"></div> }>
            {
                let around = Around::here();
                move || {
                    let around = around.clone();
                    Suspend::new(async move {
                        let result = resource.await;
                        around.own(|| match result {
                            Ok(value) => show(value),
                            Err(error) => fail(error),
                        })
                    })
                }
            }
        </Transition>
    }
    .into_any()
}

/// What surrounds the views of a resource.
///
/// By itself, what a view is made of would belong to the effect that shows it, which gives it up as soon as it runs
/// again, while the view stays until the next one is there. Whatever of it ran in between would find its values gone.
/// So each view owns what it is made of, for as long as it is shown.
#[derive(Clone)]
struct Around(Option<WeakOwner>);

impl Around {
    fn here() -> Self {
        Self(Owner::current().map(|owner| owner.downgrade()))
    }

    fn own(&self, make: impl FnOnce() -> AnyView) -> AnyView {
        let Some(around) = self.0.as_ref().and_then(WeakOwner::upgrade) else {
            // The page has been left.
            return ().into_any();
        };
        let owner = around.child();
        let view = owner.with(make);
        OwnedView::new_with_owner(view, owner).into_any()
    }
}
