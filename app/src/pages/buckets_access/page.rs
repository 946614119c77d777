use leptos::prelude::*;
use tidemark_domain::{Privilege, buckets::BucketPlace};

use super::{choose::choose, grant::grant_section, plan::planned, proof::checked, shown::shown};
use crate::{
    components::{Crumb, ErrorNotice, PageHead},
    error::AppError,
    pages::{buckets::bucket_href, only, search},
    server_fns::policies::{AccessQuery, Doing},
};

/// Who else may use a bucket.
#[component]
pub(crate) fn AccessPage() -> impl IntoView {
    only(
        Privilege::ManagePolicies,
        "An admin can see and change who else may use a bucket.",
        || {
            let search = search();
            let shown = move || page(&AccessQuery::parse(&search.get()));
            shown.into_any()
        },
    )
}

fn page(query: &AccessQuery) -> AnyView {
    let place = query.bucket();
    let mut crumbs = vec![Crumb::new("Buckets", "/buckets")];
    let (title, body) = match place {
        Ok(None) => ("Access to a bucket".to_owned(), choose(query)),
        Err(invalid) => (
            "Access to a bucket".to_owned(),
            view! {
                <ErrorNotice error=AppError::from(invalid)/>
                {choose(query)}
            }
            .into_any(),
        ),
        Ok(Some((account, region, bucket))) => {
            let body = match query.doing() {
                Doing::Plan => planned(query),
                Doing::Check => checked(query),
                Doing::Look => view! {
                    {shown(query)}
                    {grant_section(query)}
                }
                .into_any(),
            };
            let place = BucketPlace {
                account,
                region,
                bucket: bucket.to_string(),
            };
            crumbs.push(Crumb::new(place.bucket.clone(), bucket_href(&place)));
            (format!("Access to {bucket}"), body)
        }
    };
    view! {
        <PageHead title=title crumbs/>
        {body}
    }
    .into_any()
}
