"""What seat-offers refuses; the codes are those of the document, /components/schemas/Error."""

from invite_mock.http.problems import Problem, Problems

PROBLEMS: Problems = {
    "not_found": Problem(404, "There is no such team or offer.", "Use an id that the world has."),
    "already_offered": Problem(
        409, "The person has an open offer of this team already.", "Cancel that offer, or offer a seat to another."
    ),
    "not_open": Problem(409, "The offer is no longer open.", "Cancel an offer whose status is open."),
}
