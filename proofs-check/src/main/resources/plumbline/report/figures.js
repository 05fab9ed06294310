// Draws the figures as SVG with d3; colours come from the style sheet, so that they follow the theme.
const figures = (function () {
  'use strict';
  const brief = d3.format('~g');

  function ticks(axis, spread) {
    return axis.log
        ? value => Number.isInteger(value) ? (value === 0 ? '1' : '10' + raised(value)) : ''
        : spread >= 1e5 || spread < 1e-3 ? d3.format('~e') : brief;
  }

  function raised(value) {
    return String(value).replace(/[-0-9]/g, c => c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]);
  }

  function svg(box, width, height) {
    box.replaceChildren();
    return d3.select(box).append('svg').attr('viewBox', [0, 0, width, height]).attr('width', width).attr('height', height)
        .attr('aria-hidden', 'true').attr('focusable', 'false');
  }

  function label(text, room) {
    return text.length <= room ? text : text.slice(0, Math.max(1, room - 1)) + '…';
  }

  function histogram(box, data, width) {
    const row = {name: 18, plot: 34, gap: 8};
    const height = data.rows.length * (row.name + row.plot + row.gap) + 40;
    const last = data.first + data.width * data.bins;
    const x = d3.scaleLinear([data.first, last], [1, width - 1]);
    const draw = svg(box, width, height);
    data.rows.forEach((r, i) => {
      const top = i * (row.name + row.plot + row.gap);
      const base = top + row.name + row.plot;
      const y = d3.scaleSqrt([0, d3.max(r.counts, c => c[1]) || 1], [0, row.plot]);
      draw.append('text').attr('class', 'name').attr('x', 0).attr('y', top + 12).text(label(r.name, Math.floor(width / 6.4)))
          .append('title').text(r.name);
      draw.append('line').attr('class', 'domain').attr('x1', 0).attr('x2', width).attr('y1', base).attr('y2', base);
      draw.selectAll(null).data(r.counts).join('rect')
          .attr('class', c => data.first + (c[0] + .5) * data.width < 0 ? 'bar below' : 'bar')
          .attr('x', c => x(data.first + c[0] * data.width))
          .attr('width', Math.max(1.5, x(data.first + data.width) - x(data.first) - .6))
          .attr('y', c => base - Math.max(1.5, y(c[1]))).attr('height', c => Math.max(1.5, y(c[1])))
          .append('title').text(c => c[1] + (c[1] === 1 ? ' value' : ' values') + ' from '
              + brief(+(data.first + c[0] * data.width).toPrecision(6)) + ' to '
              + brief(+(data.first + (c[0] + 1) * data.width).toPrecision(6)));
    });
    const bottom = data.rows.length * (row.name + row.plot + row.gap) - row.gap;
    draw.append('line').attr('class', 'zero').attr('x1', x(0)).attr('x2', x(0)).attr('y1', row.name).attr('y2', bottom);
    draw.append('g').attr('transform', `translate(0,${bottom})`)
        .call(d3.axisBottom(x).ticks(Math.max(3, Math.floor(width / 90))).tickSizeOuter(0).tickFormat(ticks(data.axis, last - data.first)));
    draw.append('text').attr('x', width).attr('y', bottom + 38).attr('text-anchor', 'end').text(data.axis.label);
  }

  function domain(values) {
    let [low, high] = d3.extent(values);
    if (low === undefined) {
      [low, high] = [0, 1];
    }
    const margin = (high - low) * .04 || Math.abs(high) * .1 || 1;
    return [low - margin, high + margin];
  }

  function plot(box, data, width) {
    const left = 58, top = 26, bottom = 44, right = 14;
    const named = data.series.filter(s => s.name);
    const height = Math.round(Math.min(420, Math.max(260, width * .6)));
    const draw = svg(box, width, height);
    const points = data.series.flatMap(s => s.points);
    const x = d3.scaleLinear(domain(points.map(p => p[0])), [left, width - right]);
    const y = d3.scaleLinear(domain(points.map(p => p[1])), [height - bottom, top]);
    const whole = scale => {
      // Powers of ten are labelled at whole exponents only.
      const [low, high] = scale.domain();
      const every = Math.max(1, Math.ceil((high - low) / 7));
      return d3.range(Math.ceil(low / every) * every, high, every);
    };
    const axis = (make, scale, of, count) => {
      const a = make(scale).tickSizeOuter(0).tickFormat(ticks(of, scale.domain()[1] - scale.domain()[0]));
      const exponents = of.log ? whole(scale) : [];
      return exponents.length > 1 ? a.tickValues(exponents) : of.log ? a.ticks(count).tickFormat(v => '10^' + brief(v)) : a.ticks(count);
    };
    draw.append('g').attr('transform', `translate(0,${height - bottom})`)
        .call(axis(d3.axisBottom, x, data.x, Math.max(3, Math.floor(width / 100))).tickSizeInner(top + bottom - height))
        .call(g => g.selectAll('text').attr('dy', '1.2em'));
    draw.append('g').attr('transform', `translate(${left},0)`)
        .call(axis(d3.axisLeft, y, data.y, 6).tickSizeInner(left + right - width));
    draw.append('text').attr('x', width - right).attr('y', height - 6).attr('text-anchor', 'end').text(data.x.label);
    draw.append('text').attr('x', 0).attr('y', 12).text(data.y.label);
    data.series.forEach((s, i) => {
      const group = draw.append('g').attr('class', 's' + i % 6);
      if (s.mark === 'points') {
        group.selectAll(null).data(s.points).join('circle').attr('class', 'points')
            .attr('cx', p => x(p[0])).attr('cy', p => y(p[1])).attr('r', s.points.length > 400 ? 2 : 3);
      } else {
        group.append('path').attr('class', s.mark).attr('d', d3.line(p => x(p[0]), p => y(p[1]))(s.points));
      }
    });
    const legend = d3.select(box).append('ul').attr('class', 'legend');
    named.forEach(s => {
      const item = legend.append('li').attr('class', 's' + data.series.indexOf(s) % 6);
      item.append('span').attr('class', 'swatch ' + s.mark);
      item.append('span').text(s.name);
    });
  }

  function grid(box, data, width) {
    const gap = 28, head = 20;
    const columns = data.panels.map(p => p.classes.length ? p.classes[0].length : 0);
    const cell = Math.max(12, Math.min(30, Math.floor((width - gap) / Math.max(1, d3.max(columns) || 1))));
    // Panels flow in rows like words.
    let at = 0, line = 0, deepest = 0;
    const places = data.panels.map((p, i) => {
      const w = Math.max(columns[i] * cell, Math.min(width, p.name.length * 6.4));
      const h = p.classes.length * cell + head;
      if (at > 0 && at + w > width) {
        line += deepest + gap;
        at = deepest = 0;
      }
      const place = [at, line];
      at += w + gap;
      deepest = Math.max(deepest, h);
      return place;
    });
    const draw = svg(box, width, line + deepest + 2);
    data.panels.forEach((p, i) => {
      const panel = draw.append('g').attr('transform', `translate(${places[i]})`);
      panel.append('text').attr('class', 'name').attr('y', 12).text(label(p.name, Math.floor(width / 6.4))).append('title').text(p.name);
      const sizes = d3.rollup(p.classes.flat(), v => v.length, c => c);
      const shared = Array.from(sizes.keys()).filter(c => sizes.get(c) > 1);
      const hue = new Map(shared.map((c, k) => [c, (k * 137.508 + 210) % 360]));
      p.classes.forEach((row, r) => row.forEach((c, k) => {
        const pixel = panel.append('g').attr('transform', `translate(${k * cell},${head + r * cell})`);
        const square = pixel.append('rect').attr('class', hue.has(c) ? 'pixel' : 'pixel single')
            .attr('width', cell).attr('height', cell).attr('rx', 2);
        if (hue.has(c)) {
          square.attr('fill', `oklch(0.78 0.09 ${hue.get(c)})`);
          if (cell >= 16) {
            pixel.append('text').attr('class', 'pixel-class').attr('x', cell / 2).attr('y', cell / 2).text(shared.indexOf(c) + 1);
          }
        }
        square.append('title').text(hue.has(c) ? sizes.get(c) + ' equal pixels' : 'no equal pixel');
      }));
    });
  }

  const kinds = {histogram, plot, grid};

  /** Draws every figure, at a width or at that of its column. */
  function draw(width) {
    const column = document.getElementById('top').clientWidth;
    for (const box of document.querySelectorAll('.plot')) {
      const data = JSON.parse(box.dataset.figure);
      // A folded figure has no width yet: its check is inset in the column.
      const room = width || box.clientWidth || column - (column < 560 ? 60 : 140);
      kinds[data.kind](box, data, Math.max(240, Math.min(760, room)));
    }
  }

  return {draw};
})();
