// An episode, or several of the same scene, as a page that can be sent to anybody.

import Foundation
import PlanarEvaluation

/// Films of one scene with what is to be known of them; the page needs nothing besides itself.
package struct EpisodePage {
  /// Its title.
  package var title: String
  /// Where and how the episode was driven, a sentence each.
  package var words: [String]
  /// Side by side.
  package var films: [SceneFilm]

  /// A page of at least one film.
  package init(title: String, words: [String], films: [SceneFilm]) {
    precondition(!films.isEmpty, "a page shows a film")
    (self.title, self.words, self.films) = (title, words, films)
  }

  /// The page's bytes.
  package var data: Data {
    var page = HTMLReport(title: title)
    page.player(films, caption: "")
    page.list(words)
    return Data(page.html.utf8)
  }
}
