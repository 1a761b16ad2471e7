//! From each route of the API to its own function.

pub(super) mod about;
pub(super) mod atom;
pub(super) mod clusters;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod handled;
pub(super) mod pickup;
pub(super) mod query;
pub(super) mod search;
pub(super) mod stories;
pub(super) mod volume;

use super::problem::Problem;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parameters behind the `?`; an unknown one is an error, or a slip would pass unseen.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => Err(Problem::unreadable(rejection.body_text())),
        }
    }
}

/// The parameters behind the `?` in their order; one may come several times.
pub(super) struct Listed(pub(super) Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Listed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Params::from_request_parts(parts, state).await.map(|Params(given)| Self(given))
    }
}

/// The part of a path that is a parameter.
pub(super) struct Part<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Part<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(part)) => Ok(Self(part)),
            Err(PathRejection::FailedToDeserializePathParams(rejection)) => {
                Err(Problem::unreadable(rejection.body_text()))
            }
            Err(rejection) => Err(Problem::unreadable(rejection.body_text())),
        }
    }
}
