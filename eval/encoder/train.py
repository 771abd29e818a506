"""Trains the encoder of `rag/late.py`.

For each question a softmax over the sentences of its batch and over "none of them", whose score is
learned; several answers share the target. A score is the weighted mean of the cosines of the
question's tokens to their nearest tokens (Khattab and Zaharia 2020). Wrong sentences are mined
anew before each epoch, so that they are what the encoder confuses by then (Xiong et al. 2020). The
word table stays as it is, so that it can be kept in 4 bits.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from eval.encoder.base import PAD
from eval.encoder.examples import Batch, Example, Mined, Text, batch_of, mined_for
from rag.late import DIMENSION

BATCH: Final = 32
EPOCHS: Final = 2
#: Layers from the bottom that stay as they are, like the word table.
FROZEN: Final = 4
_RATE, _WARM, _LAST_RATE = 3e-5, 0.1, 0.02
_SCALE, _NONE, _EVEN = 30.0, 0.6, 0.55
_DROPOUT: Final = 0.1
_LONGEST: Final = 160


def steps_for(examples: int) -> int:
    """Batches of all epochs; what doesn't fill a batch is left out of its epoch."""
    return EPOCHS * (examples // BATCH)


class Late(nn.Module):  # type: ignore[misc]  # torch is not read by mypy
    """Unit vectors of tokens and their weights, from the vectors of their words."""

    def __init__(self, bert: Any) -> None:
        super().__init__()
        self.bert = bert
        self.projection = nn.Linear(bert.config.hidden_size, DIMENSION)
        self.weight = nn.Linear(bert.config.hidden_size, 1)
        nn.init.zeros_(self.weight.weight)
        nn.init.constant_(self.weight.bias, _EVEN)
        self.scale = nn.Parameter(torch.tensor(math.log(_SCALE)))
        self.none = nn.Parameter(torch.tensor(_NONE))

    def forward(self, words: Any, mask: Any = None) -> tuple[Any, Any]:
        """Shapes: words (texts, tokens, hidden); vectors (texts, tokens, 128), weights less one."""
        hidden = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
        vectors = functional.normalize(self.projection(hidden), dim=-1)
        return vectors, functional.softplus(self.weight(hidden)).squeeze(-1)


class Trainer:
    """A model in training with what turns texts into its input."""

    def __init__(self, bert: Any, tokenizer: Any, texts: Sequence[Text], seed: int = 0) -> None:
        torch.manual_seed(seed)
        self._draw = random.Random(seed)
        self.model = Late(bert)
        self._tokenizer, self._texts = tokenizer, texts
        tokenizer.enable_truncation(_LONGEST)
        self._pad = tokenizer.token_to_id(PAD)
        self._start()

    def _start(self) -> None:
        """The projection begins as the principal components of the tokens of all sentences."""
        states = torch.cat([s for s, _, _ in self._run([t.text for t in self._texts], raw=True)])
        mean = states.mean(0)
        spread = (states - mean).T @ (states - mean)
        axes = torch.linalg.eigh(spread).eigenvectors[:, -DIMENSION:].T
        with torch.no_grad():
            self.model.projection.weight.copy_(axes)
            self.model.projection.bias.copy_(-axes @ mean)

    def _nearness(self, questions: Sequence[str]) -> Iterator[Any]:
        """For each question its nearness to every text, shape (texts,)."""
        tokens = [vectors.numpy() for vectors, _, _ in self._run([t.text for t in self._texts])]
        joined = np.concatenate(tokens).T
        starts = np.cumsum([0, *map(len, tokens)])[:-1]
        for vectors, weights, _ in self._run(questions):
            near = np.maximum.reduceat(vectors.numpy() @ joined, starts, axis=1)
            yield (weights / weights.sum()).numpy() @ near

    def _mine(self, examples: Sequence[Example]) -> list[Mined]:
        nearness = self._nearness([example.question for example in examples])
        return [
            mined_for(example, near, self._texts)
            for example, near in zip(examples, nearness, strict=True)
        ]

    def _run(self, texts: Sequence[str], *, raw: bool = False) -> list[tuple[Any, Any, int]]:
        """(vectors, weights, place) of each text's own tokens, in the order of the texts."""
        self.model.eval()
        found: list[tuple[Any, Any, int]] = []
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            for start in range(0, len(order), 64):
                places = order[start : start + 64]
                words, mask, own = self._input([texts[i] for i in places])
                if raw:
                    vectors = self.model.bert(inputs_embeds=words, attention_mask=mask)[0]
                    weights = vectors[..., 0]
                else:
                    vectors, weights = self.model(words, mask)
                found += [
                    (vectors[j][own[j]].float(), weights[j][own[j]].float(), i)
                    for j, i in enumerate(places)
                ]
        return sorted(found, key=lambda one: one[2])

    def _input(self, texts: Sequence[str]) -> tuple[Any, Any, Any]:
        """(words, attention mask, which tokens are the text's own) of a padded batch."""
        encoded = [self._tokenizer.encode(text).ids for text in texts]
        ids = torch.full((len(encoded), max(map(len, encoded))), self._pad)
        mask = torch.zeros_like(ids)
        own = torch.zeros_like(ids, dtype=torch.bool)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
            own[row, 1 : len(tokens) - 1] = True
        return self.model.bert.embeddings.word_embeddings(ids), mask, own

    def train(self, examples: Sequence[Example]) -> None:
        """Fit the model in `EPOCHS` rounds over the examples."""
        bert = self.model.bert
        for frozen in (bert.embeddings.word_embeddings, *bert.encoder.layer[:FROZEN]):
            frozen.requires_grad_(False)
        for module in self.model.modules():
            if isinstance(module, nn.Dropout):
                module.p = _DROPOUT
        body = [p for p in bert.parameters() if p.requires_grad]
        head = [p for name, p in self.model.named_parameters() if not name.startswith("bert.")]
        optimizer = torch.optim.AdamW(
            [{"params": body, "lr": _RATE}, {"params": head, "lr": 10 * _RATE}], weight_decay=0.01
        )
        steps = steps_for(len(examples))
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: min(1.0, (step + 1) / (_WARM * steps)) * max(_LAST_RATE, 1 - step / steps),
        )
        order: list[int] = []
        for _ in tqdm(range(steps), desc="training", unit="step", disable=not sys.stderr.isatty()):
            if len(order) < BATCH:
                order = self._draw.sample(range(len(examples)), len(examples))
                mined = self._mine(examples)
            chosen = [order.pop() for _ in range(BATCH)]
            batch = batch_of(
                [examples[i] for i in chosen], [mined[i] for i in chosen], self._texts, self._draw
            )
            self.model.train()
            loss = self._loss(batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *head], 1.0)
            optimizer.step()
            schedule.step()

    def _loss(self, batch: Batch) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            words, mask, own = self._input(batch.questions)
            questions, weights = self.model(words, mask)
            questions = questions.float()
            near = [
                self._near(questions, batch.sentences[start : start + 32])
                for start in range(0, len(batch.sentences), 32)  # of one length: little padding
            ]
        weights = weights.float() * own
        weights = weights / weights.sum(-1, keepdim=True)
        scores = (torch.cat(near, 1) * weights[:, None, :]).sum(-1)
        scores = torch.cat([scores, self.model.none.expand(len(scores), 1)], 1)
        places = [*batch.sentences, -1]
        right = _marked(places, [target or {-1} for target in batch.targets])
        blocked = _marked(places, batch.left_out)
        odds = (scores * self.model.scale.exp()).masked_fill(blocked, -1e4).log_softmax(1)
        return -odds.masked_fill(~right, -1e4).logsumexp(1).mean()

    def _near(self, questions: Any, sentences: Sequence[int]) -> Any:
        """Shape (questions, sentences, tokens of a question)."""
        words, mask, own = self._input([self._texts[place].text for place in sentences])
        vectors, _ = self.model(words, mask)
        cosines = torch.einsum("qid,sjd->qsij", questions, vectors.float())
        return cosines.masked_fill(~own[None, :, None, :], -1).amax(-1)


def _marked(places: Sequence[int], chosen: Sequence[Iterable[int]]) -> Any:
    rows = [set(own) for own in chosen]
    return torch.tensor([[place in own for place in places] for own in rows])
