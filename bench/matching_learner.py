# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The usual learner: TF-IDF and logistic regression, taught by one half, measured on the other."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bench.matching_corpora import Corpus


def learner(corpora: Mapping[str, Corpus]) -> dict[str, np.ndarray]:
    """Its probabilities of every text, each by the model that did not see it."""
    texts = [one for corpus in corpora.values() for one in corpus.texts]
    half = np.array([int(sha256(str(one.id).encode()).hexdigest(), 16) % 2 for one in texts])
    themes = np.concatenate([corpus.themes for corpus in corpora.values()])
    decided = np.concatenate([corpus.decided for corpus in corpora.values()])
    given = np.zeros(themes.shape)
    for tested in (0, 1):
        rows = TfidfVectorizer(min_df=2, sublinear_tf=True)
        rows.fit([f"{one.title} {one.text}" for one, at in zip(texts, half, strict=True) if at != tested])
        counts = rows.transform([f"{one.title} {one.text}" for one in texts])
        for theme in range(themes.shape[1]):
            taught = (half != tested) & decided[:, theme]
            model = LogisticRegression(C=10, max_iter=300).fit(counts[taught], themes[taught, theme])
            given[half == tested, theme] = model.predict_proba(counts[half == tested])[:, 1]
    ends = np.cumsum([len(corpus.texts) for corpus in corpora.values()])[:-1]
    return dict(zip(corpora, np.split(given, ends), strict=True))
