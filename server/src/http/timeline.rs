//! `GET /timeline/export.csv` and `.svg`: what a timeline shows, as a file. The query string is that
//! of the page.

use axum::{
    extract::{Extension, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tidemark_app::{
    server_fns::timeline::TimelineAsk,
    ssr::{Visitor, export},
};
use tidemark_domain::{Page, timeline::TimelineRow};
use tidemark_services::timeline;

use super::{Problem, Web};

/// Columns of the table: as fine as the catalogue tells in one answer.
const COLUMNS_OF_TABLE: u16 = 2000;

/// Columns of the drawing: marks of neighbours can be told apart.
const COLUMNS_OF_DRAWING: u16 = 90;

/// A row per mark.
pub(crate) async fn csv(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let page = read(&web, &visitor, query.as_deref(), COLUMNS_OF_TABLE).await?;
    Ok(file(
        export::csv(&page.items),
        "text/csv; charset=utf-8",
        "timeline.csv",
    ))
}

/// The drawing.
pub(crate) async fn svg(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let page = read(&web, &visitor, query.as_deref(), COLUMNS_OF_DRAWING).await?;
    let now = web.services.clock.now();
    Ok(file(
        export::svg(&page.items, now),
        "image/svg+xml",
        "timeline.svg",
    ))
}

async fn read(
    web: &Web,
    visitor: &Visitor,
    query: Option<&str>,
    columns: u16,
) -> Result<Page<TimelineRow>, Problem> {
    let mut ask = TimelineAsk::parse(query.unwrap_or_default());
    ask.columns = columns;
    let (shown, window) = ask
        .resolve(web.services.clock.now())
        .map_err(|invalid| Problem::invalid(&invalid))?;
    Ok(timeline::list(&web.services, &visitor.caller, shown, &window).await?)
}

fn file(text: String, kind: &'static str, name: &str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
